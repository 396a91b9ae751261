"""Tests of ``slipway.commands.streams``: commands without an output."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from slipway.commands.streams import disk_error

PROGRAM = Path(__file__).resolve().parents[4] / "src/slipway/__main__.py"


def run(redirection: str) -> subprocess.CompletedProcess:
    line = f'"$0" "$1" lesson list {redirection}'
    command = ["sh", "-c", line, sys.executable, str(PROGRAM)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_command_works_with_closed_streams(redirection):
    done = run(redirection)
    assert done.returncode == 0 and done.stderr == ""


def test_a_full_disk_ends_a_command_with_a_message():
    done = run("> /dev/full")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "slipway: a file or the output: No space left on device; free some space"
    ]


def test_only_errors_of_disks_are_messages():
    full = disk_error(OSError(errno.EROFS, "Read-only file system", "/home/ada/.cache"))
    assert str(full) == "/home/ada/.cache: Read-only file system" and full.next_step
    assert disk_error(FileNotFoundError(errno.ENOENT, "No such file", "x")) is None
