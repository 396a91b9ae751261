"""roles/bundle/vars/main.yml: a bundle has every package that a role or a playbook installs on Debian."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[4]
# Only for building, and for sources that need their own site.
NOT_CARRIED = {"python3-debian", "debian-archive-keyring", "uidmap", "gcc", "libc6-dev"}


def installed_names() -> set[str]:
    """Return the packages that tasks name, and those of variables that tasks refer to."""
    names: set[str] = set()
    for path in (*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("playbooks/tasks/*.yml")):
        for line in path.read_text().splitlines():
            if line.strip().startswith("packages_names: ["):
                names |= set(yaml.safe_load(line.strip())["packages_names"])
    names |= set(yaml.safe_load((ROOT / "roles/lxc/vars/main.yml").read_text())["__lxc_packages"])
    mirror = yaml.safe_load((ROOT / "roles/mirror/vars/main.yml").read_text())
    return names | set(mirror["mirror_copy_packages"])


def test_a_bundle_has_the_packages_of_all_roles():
    bundle = yaml.safe_load((ROOT / "roles/bundle/vars/main.yml").read_text())
    assert installed_names() - NOT_CARRIED <= set(bundle["__bundle_packages"])


def test_a_bundle_has_the_packages_that_the_launcher_installs():
    bundle = set(
        yaml.safe_load((ROOT / "roles/bundle/vars/main.yml").read_text())["__bundle_packages"]
    )
    launcher = (ROOT / "slipway").read_text()
    for name in ("python3", "python3-venv", "openssh-client", "ca-certificates"):
        assert name in launcher
        assert name in bundle
