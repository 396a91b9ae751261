"""Tests of ``slipway.commands.terminal``."""

import os
import pty
import subprocess
import sys

import pytest

from slipway.commands.terminal import run_reading_errors
from slipway.lab.project import project_root

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(project_root({}) / "src")}
CODE = "from slipway.commands.terminal import become, has_terminal"


def run(code):
    return subprocess.run(
        [sys.executable, "-c", f"{CODE}\n{code}"], capture_output=True, text=True, env=ENVIRONMENT
    )


def test_the_program_takes_the_place_of_the_command():
    done = run("print('before'); become(['sh', '-c', 'echo after; exit 7'])")
    assert (done.returncode, done.stdout) == (7, "before\nafter\n")


@pytest.mark.parametrize(("typing", "seen"), [(True, "True"), (False, "False")])
def test_a_terminal_needs_a_keyboard_and_a_screen(typing, seen):
    ours, theirs = pty.openpty()
    keyboard = theirs if typing else subprocess.DEVNULL
    child = subprocess.Popen(
        [sys.executable, "-c", f"{CODE}\nprint(has_terminal())"],
        stdin=keyboard,
        stdout=theirs,
        env=ENVIRONMENT,
    )
    assert child.wait(30) == 0
    assert seen in os.read(ours, 100).decode()
    os.close(ours)
    os.close(theirs)


def test_errors_are_passed_on_and_read(capfd):
    found = run_reading_errors(["sh", "-c", "echo out; echo err >&2; exit 4"])
    assert found == (4, "err\n")
    assert capfd.readouterr() == ("out\n", "err\n")
