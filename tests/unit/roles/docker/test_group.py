"""roles/docker/files/group: the group docker and its members, with stand-ins for the programs of accounts."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "roles/docker/files/group"
PROGRAMS = {
    "getent": 'grep ^docker: "$STATE/group"',
    # The stand-in of gpasswd keeps one member.
    "gpasswd": 'case "$1" in --add) member=$2 ;; *) member= ;; esac\n'
    'echo "docker:x:998:$member" >"$STATE/group"',
    "groupdel": ': >"$STATE/group"',
}


class Accounts:
    """The group docker of a made-up host."""

    def __init__(self, directory: Path):
        self.directory = directory
        (directory / "bin").mkdir()
        for name, text in PROGRAMS.items():
            (directory / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
            (directory / "bin" / name).chmod(0o755)
        self.write("")

    def write(self, line: str) -> None:
        (self.directory / "group").write_text(line)

    def read(self) -> str:
        return (self.directory / "group").read_text().strip()

    def run(self, *arguments: str) -> str:
        text = SCRIPT.read_text().replace("/var/lib/slipway", str(self.directory / "records"))
        done = subprocess.run(
            ["sh", "-c", text, "group", *arguments],
            env=os.environ
            | {
                "PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}",
                "STATE": str(self.directory),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


@pytest.fixture
def accounts(tmp_path):
    return Accounts(tmp_path)


def test_a_new_group_is_deleted_with_its_members(accounts):
    accounts.run("prepare")
    accounts.write("docker:x:998:")
    assert accounts.run("present", "ann") == "changed"
    assert accounts.run("present", "ann") == ""
    assert accounts.read() == "docker:x:998:ann"
    assert accounts.run("absent") == "changed\nchanged"
    assert accounts.read() == ""
    assert accounts.run("absent") == ""


def test_a_group_from_before_keeps_its_members(accounts):
    accounts.write("docker:x:998:bob")
    accounts.run("prepare")
    assert accounts.run("present", "bob") == ""
    assert accounts.run("absent") == ""
    assert accounts.read() == "docker:x:998:bob"


def test_only_added_users_leave_a_group_from_before(accounts):
    accounts.write("docker:x:998:")
    accounts.run("prepare")
    accounts.run("present", "ann")
    assert accounts.run("absent") == "changed"
    assert accounts.read() == "docker:x:998:"


def test_check_mode_adds_nobody(accounts):
    accounts.write("docker:x:998:")
    assert accounts.run("present", "--check", "ann") == "changed"
    assert accounts.read() == "docker:x:998:"
    assert accounts.run("absent") == ""
