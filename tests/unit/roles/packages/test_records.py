"""roles/packages/files: the package manager of a host, and the record of added packages with dnf and zypper.

Stand-ins print what dnf 4.14, dnf5 5.2 and zypper 1.14 print for a package "app" that needs "lib".
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

FILES = Path(__file__).parents[4] / "roles/packages/files"
# A file for each installed package, and one for each that the user asked for.
RPM = '#!/bin/sh\n[ -e "$STATE/installed/$3" ]\n'
DNF = """#!/bin/sh
echo "$*" >>"$STATE/calls"
case "$*" in
--version) echo "$DNF_VERSION" ;;
*--requires*) echo lib ;;
*--userinstalled*) ls "$STATE/user" ;;
*--unneeded*) printf 'app\\nlib\\nforeign\\n\\n' ;;
esac
"""
ZYPPER = """#!/bin/sh
echo "$*" >>"$STATE/calls"
solvable() { printf '<solvable type="package" name="%s" edition="1.0-1" summary="test">\\n' "$@"; }
case "$*" in
*"install --dry-run"*) solvable app lib ;;
*"remove --dry-run"*) solvable app lib $(cat "$STATE/needs") ;;
esac
"""


class Host:
    """A host with stand-ins for rpm, dnf and zypper."""

    def __init__(self, directory: Path):
        self.directory = directory
        for folder in ("bin", "installed", "user", "packages"):
            (directory / folder).mkdir()
        for name, text in {"rpm": RPM, "dnf": DNF, "zypper": ZYPPER}.items():
            (directory / "bin" / name).write_text(text)
            (directory / "bin" / name).chmod(0o755)
        self.dnf_version = "4.14.0"
        self.need("")

    def install(self, *names: str) -> None:
        for name in names:
            (self.directory / "installed" / name).touch()

    def need(self, name: str) -> None:
        """Let a package be removed together with "app"."""
        (self.directory / "needs").write_text(name)

    def run(self, manager: str, *arguments: str) -> list[str]:
        text = (FILES / manager).read_text()
        text = text.replace("/var/lib/slipway/packages", str(self.directory / "packages"))
        done = subprocess.run(
            ["sh", "-c", text, manager, *arguments],
            env=os.environ
            | {
                "PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}",
                "STATE": str(self.directory),
                "DNF_VERSION": self.dnf_version,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    def calls(self) -> str:
        return (self.directory / "calls").read_text()


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path)


@pytest.mark.parametrize("manager", ["dnf", "zypper"])
def test_only_missing_packages_are_installed(host, manager):
    host.install("lib")
    assert host.run(manager, "missing", "app", "lib") == ["app"]


@pytest.mark.parametrize("manager", ["dnf", "zypper"])
def test_what_an_installation_adds_is_recorded_and_removed(host, manager):
    host.run(manager, "add", "tools", "app")
    record = (host.directory / "packages/tools").read_text()
    assert record == "dependency lib\nrequested app\n"
    host.install("app", "lib")
    (host.directory / "user/app").touch()
    assert host.run(manager, "left", "tools") == ["app", "lib"]


def test_dnf_records_no_dependency_that_was_there_before(host):
    host.install("lib")
    host.run("dnf", "add", "tools", "app")
    assert (host.directory / "packages/tools").read_text() == "requested app\n"


@pytest.mark.parametrize(
    ("version", "marks"),
    [
        ("4.14.0", ["--quiet mark remove app", "--quiet mark install app"]),
        (
            "dnf5 version 5.2.10",
            ["--quiet --assumeyes mark dependency app", "--quiet --assumeyes mark user app"],
        ),
    ],
)
def test_dnf_gets_its_marks_back(host, version, marks):
    host.dnf_version = version
    host.run("dnf", "add", "tools", "app")
    (host.directory / "user/app").touch()
    host.run("dnf", "left", "tools")
    assert [line for line in host.calls().splitlines() if " mark " in line] == marks


def test_zypper_keeps_a_package_that_another_one_needs(host):
    host.run("zypper", "add", "tools", "app")
    host.install("app", "lib")
    host.need("other")
    assert host.run("zypper", "left", "tools") == []


@pytest.mark.parametrize("manager", ["dnf", "zypper"])
def test_nothing_is_left_without_a_record(host, manager):
    assert host.run(manager, "left", "tools") == []


# ID and ID_LIKE of /etc/os-release.
SYSTEMS = {
    "Debian": ("debian", "", "apt"),
    "Ubuntu": ("ubuntu", "debian", "apt"),
    "Linux Mint": ("linuxmint", '"ubuntu debian"', "apt"),
    "Fedora": ("fedora", "", "dnf"),
    "RHEL": ("rhel", "fedora", "dnf"),
    "Rocky": ("rocky", '"rhel centos fedora"', "dnf"),
    "openSUSE Leap": ("opensuse-leap", '"suse opensuse"', "zypper"),
    "Arch": ("arch", "", "none"),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_package_manager_is_that_of_the_distribution(tmp_path, name):
    identity, like, manager = SYSTEMS[name]
    release = tmp_path / "os-release"
    release.write_text(
        f'PRETTY_NAME="{name} 1"\nID={identity}\nVERSION_ID=1\n'
        + (f"ID_LIKE={like}\n" if like else "")
    )
    script = ["sh", FILES / "find-manager", release]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    packages = f"{identity}-1-{os.uname().machine}"
    assert done.stdout.splitlines() == [manager, f"{name} 1", packages]
