"""roles/docker/files/find-repository: other declarations of Docker's repository."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "roles/docker/files/find-repository"
URL = "https://download.docker.com/linux/ubuntu"
DEB822 = f"Types: deb\nURIs: {URL}\nSuites: noble\n"

# The form of Docker's own file.
REPO = f"""[docker-ce-stable]
name=Docker CE Stable
baseurl={URL}/$releasever/$basearch/stable
enabled=1

[docker-ce-stable-debuginfo]
baseurl={URL}/$releasever/debug-$basearch/stable
enabled=0
"""


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("docker.list", f"deb [signed-by=/k] {URL} noble stable\n", True),
        ("docker.list", f"# deb {URL} noble stable # disabled on upgrade to noble\n", False),
        ("docker.list.save", f"deb {URL} jammy stable\n", False),
        ("docker.list.distUpgrade", f"deb {URL} jammy stable\n", False),
        ("docker.sources", DEB822, True),
        ("docker.sources", f"{DEB822}Enabled: yes\n", True),
        ("docker.sources", f"Enabled: no\n{DEB822}", False),
        ("docker-ce.repo", f"[docker]\nbaseurl={URL}/9/x86_64/stable\n", True),
        ("docker-ce.repo", REPO, True),
        ("docker-ce.repo", REPO.replace("enabled=1", "enabled = 0"), False),
        (
            "docker-ce.repo",
            f"{REPO}\n[again]\nbaseurl={URL}/9/x86_64/stable\nenabled=False\n",
            True,
        ),
        ("slipway-docker.sources", DEB822, False),
    ],
)
def test_declarations_that_count(tmp_path, name, text, found):
    (tmp_path / name).write_text(text)
    pattern = f"^[^#]*{URL}(/?([[:space:]]|$)|/[^[:space:]]*/stable$)"
    command = ["/bin/sh", SCRIPT, pattern, "slipway-docker.sources", tmp_path, tmp_path / "missing"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ([str(tmp_path / name)] if found else [])
