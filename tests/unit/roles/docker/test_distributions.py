"""roles/docker on each supported distribution: packages and repository, by facts as Ansible records them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = Path(__file__).parents[4] / "roles/docker"
OFFICIAL = ["docker-ce", "docker-ce-cli", "containerd.io"]
# distribution, its major version, release and family, as `ansible -m setup` reports them.
FACTS = {
    "debian12": ("Debian", "12", "bookworm", "Debian"),
    "debian13": ("Debian", "13", "trixie", "Debian"),
    "ubuntu2204": ("Ubuntu", "22", "jammy", "Debian"),
    "ubuntu2404": ("Ubuntu", "24", "noble", "Debian"),
    "ubuntu2604": ("Ubuntu", "26", "resolute", "Debian"),
    "mint22": ("Linux Mint", "22", "wilma", "Debian"),
    "fedora43": ("Fedora", "43", "", "RedHat"),
    "rhel10": ("RedHat", "10", "Coughlan", "RedHat"),
    "rocky9": ("Rocky", "9", "Blue Onyx", "RedHat"),
    "alma10": ("AlmaLinux", "10", "Purple Lion", "RedHat"),
    "leap15": ("openSUSE Leap", "15", "n/a", "Suse"),
    "arch": ("Archlinux", "NA", "n/a", "Archlinux"),
}
DISTRO = {
    "debian12": ["docker.io"],
    "debian13": ["docker.io", "docker-cli"],
    "ubuntu2204": ["docker.io"],
    "ubuntu2404": ["docker.io"],
    "ubuntu2604": ["docker.io"],
    "mint22": ["docker.io"],
    "fedora43": ["moby-engine", "docker-cli", "containerd"],
    "leap15": ["docker", "containerd"],
}
DIRECTORIES = {
    "debian12": "debian",
    "debian13": "debian",
    "ubuntu2204": "ubuntu",
    "ubuntu2404": "ubuntu",
    "ubuntu2604": "ubuntu",
    "fedora43": "fedora",
    "rhel10": "rhel",
    "rocky9": "centos",
    "alma10": "centos",
}


def load(name: str) -> dict:
    """Return the variables of a file of the role, which Ansible may template."""
    values = yaml.safe_load((ROLE / name / "main.yml").read_text())
    return {key: trust(value) for key, value in values.items()}


def trust(value):
    if isinstance(value, dict):
        return {key: trust(item) for key, item in value.items()}
    if isinstance(value, list):
        return [trust(item) for item in value]
    return trust_as_template(value) if isinstance(value, str) else value


def evaluate(expression: str, host: str, **variables):
    """Return an expression on a host, with the variables of the role."""
    distribution, version, release, family = FACTS[host]
    facts = {
        "distribution": distribution,
        "distribution_major_version": version,
        "distribution_release": release,
        "os_family": family,
        "service_mgr": "systemd",
    }
    every = {**load("defaults"), **load("vars"), "ansible_facts": facts, **variables}
    return Templar(DataLoader(), variables=every).template(trust_as_template(expression))


def is_accepted(host: str, **variables) -> bool:
    """Return whether all checks of tasks/support.yml pass."""
    tasks = yaml.safe_load((ROLE / "tasks/support.yml").read_text())
    return all(
        evaluate(f"{{{{ {task['ansible.builtin.assert']['that']} }}}}", host, **variables)
        for task in tasks
        if evaluate(f"{{{{ {task.get('when', 'true')} }}}}", host, **variables)
    )


@pytest.mark.parametrize("host", FACTS)
def test_packages_of_the_distribution(host):
    accepted = is_accepted(host, docker_source="distro")
    assert accepted == (host in DISTRO)
    if accepted:
        assert (
            evaluate("{{ __docker_package_names }}", host, docker_source="distro") == DISTRO[host]
        )


@pytest.mark.parametrize("host", FACTS)
def test_packages_of_docker(host):
    accepted = is_accepted(host, docker_source="official")
    assert accepted == (host in DIRECTORIES)
    if accepted:
        assert evaluate("{{ __docker_package_names }}", host, docker_source="official") == OFFICIAL
        assert evaluate("{{ __docker_distribution }}", host) == DIRECTORIES[host]


def test_a_derivative_uses_the_repository_of_its_parent():
    parent = {"docker_apt_distribution": "ubuntu", "docker_apt_suite": "noble"}
    assert is_accepted("mint22", docker_source="official", **parent)
    assert evaluate("{{ __docker_apt_suite }}", "mint22", **parent) == "noble"


def test_a_version_is_held_only_with_apt():
    version = {"docker_source": "official", "docker_version": "28.5.1"}
    assert is_accepted("ubuntu2404", **version)
    assert not is_accepted("rocky9", **version)


@pytest.mark.parametrize(("host", "expected"), [("leap15", True), ("debian12", False)])
def test_the_package_docker_is_an_engine_on_opensuse_only(host, expected):
    assert ("docker" in evaluate("{{ __docker_engines_of_packages }}", host)) == expected
