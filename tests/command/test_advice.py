"""Every command that Slipway advises is run: it must be one that the user can paste."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from slipway.exit_codes import ExitCode
from slipway.lab.failures import NEXT_STEPS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "tests/fixtures/project"
# A message of each cause whose advice contains a command.
MESSAGES = (
    "Temporary failure in name resolution",
    "Cannot connect to the Docker daemon at unix:///x",
    "address already in use",
    "Request failed: <urlopen error [Errno 111] Connection refused>",
    "Permission denied (publickey).",
    "Host key verification failed.",
)
LAB = ("--lab", "two")


def commands_of(text):
    """Return the arguments of each ``./slipway`` line in a text."""
    lines = [re.sub(r"  +continues from here$", "", line.rstrip()) for line in text.splitlines()]
    found = [line.partition("./slipway ")[2] for line in lines if "./slipway " in line]
    return [shlex.split(words) for words in found]


def run_all(slipway, text):
    """Run the commands of an advice; return them."""
    commands = commands_of(text)
    for words in commands:
        done = slipway(*words)
        assert done.returncode != ExitCode.USAGE, (words, done.stderr)
    return commands


@pytest.fixture
def lab(slipway):
    """Bring a lab up that is not the default one."""
    done = slipway("up", *LAB)
    assert done.returncode == 0, done.stderr
    return done


def test_each_advice_with_a_command_has_a_message():
    advised = [pattern for pattern, step in NEXT_STEPS if "{" in step]
    for pattern, message in zip(advised, MESSAGES, strict=True):
        assert re.search(pattern, message, re.IGNORECASE)


@pytest.mark.parametrize("message", MESSAGES)
def test_the_advice_after_a_failure(slipway, message):
    flags = ("-e", "fixture_fail=hosts", "-e", f"fixture_message={message!r}")
    done = slipway("up", *LAB, *flags)
    assert done.returncode == ExitCode.FAILED
    advised, repeated = run_all(slipway, done.stderr)
    assert advised[0] in ("up", "doctor")
    assert advised[1:] == list(LAB)
    assert repeated == ["up", *LAB, *flags]


def test_the_line_of_the_playbook_repeats_the_run(slipway, tmp_path):
    done = slipway("up", "-e", "fixture_fail=hosts")
    (line,) = re.findall(r"^ +or +(ansible-playbook .*)", done.stderr, re.MULTILINE)
    line = line.replace("fixture_fail=hosts", "fixture_fail=")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "SLIPWAY_PROGRESS_FILE": str(tmp_path / "progress"),
        "LC_ALL": "C.UTF-8",
    }
    again = subprocess.run(
        shlex.split(line), cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stdout
    assert "Fail when asked to" in again.stdout


def test_the_advice_of_the_status(slipway, lab):
    first, *rest = run_all(slipway, lab.stdout)
    assert first == ["kubectl", *LAB, "get", "pods", "-A"]
    assert rest == [["lesson", "demo", *LAB]]
    status = slipway("status", *LAB)
    assert status.returncode == 0
    assert run_all(slipway, status.stdout)


@pytest.mark.parametrize("command", ["kubectl", "lesson", "open", "report", "status"])
def test_the_advice_without_a_lab(slipway, command):
    words = (command, *LAB, *({"kubectl": ["get", "pods"], "lesson": ["demo"]}.get(command, [])))
    done = slipway(*words)
    assert done.returncode == ExitCode.NO_LAB
    assert run_all(slipway, done.stdout + done.stderr) == [["up", *LAB]]


def test_the_advice_when_another_lab_is_up(slipway, lab):
    done = slipway("kubectl", "--lab", "three", "get", "pods")
    assert done.returncode == ExitCode.NO_LAB
    assert f"add {shlex.join(LAB)}" in done.stderr
    done = slipway("down")
    assert done.returncode == ExitCode.NO_LAB
    assert run_all(slipway, done.stderr) == [["down", *LAB]]
    assert slipway("status", *LAB).returncode == ExitCode.NO_LAB


def test_the_advice_of_a_lab_without_lessons(slipway, lab):
    done = slipway("report", *LAB)
    assert done.returncode == ExitCode.FAILED
    assert run_all(slipway, done.stderr) == [["lesson", "all", *LAB]]
