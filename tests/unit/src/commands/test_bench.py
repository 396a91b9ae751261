"""Tests of ``slipway.commands.bench``."""

import json
import os
import subprocess
import sys

import pytest

from slipway.exit_codes import ExitCode
from slipway.run.outcome import Result


@pytest.fixture
def started(monkeypatch):
    """The scripts that are started."""
    lines = []
    monkeypatch.setattr("os.execv", lambda tool, words: lines.append(words[1:]))
    monkeypatch.setattr("os.environ", dict(os.environ))
    return lines


def test_the_comparison_needs_a_lab(command, started):
    assert command("bench", "workloads").exit_code == 4 and started == []


def test_the_comparison_gets_the_chosen_lab(command, started):
    command.make()
    state = command.make("two")
    assert command("bench", "workloads", "--lab", "two", "--only", "apply").exit_code == 0
    script, *words = started[0]
    assert script.endswith("benchmarks/workloads.py")
    assert words[words.index("--kubeconfig") + 1] == str(state / "kubeconfig")
    assert words[-2:] == ["--only", "apply"]
    # with the environment that the benchmark gets, it finds what it imports
    subprocess.run([sys.executable, script, "--help"], check=True, stdout=subprocess.DEVNULL)


def test_flags_of_the_other_benchmark_are_passed_on(command, started, tmp_path):
    command("bench", "lab", "-i", str(tmp_path), "--skip-rebuild", "-i", "x")
    assert started[0][1:] == ["--skip-rebuild", "-i", "x"]
    assert os.environ["ANSIBLE_INVENTORY"] == str(tmp_path)


@pytest.mark.parametrize("code", [ExitCode.OK, ExitCode.FAILED])
def test_the_simulator_is_built_for_the_chosen_lab(command, started, monkeypatch, code):
    built = []

    def run(session, playbooks, preflight):
        built.append((*playbooks, *session.options.arguments))
        return Result(code=code)

    monkeypatch.setattr("slipway.run.session.Session.run", run)
    command.make("two")
    done = command("bench", "workloads", "--lab", "two", "--only", "simulated", "--json")
    assert done.exit_code == code and len(started) == (code == ExitCode.OK)
    assert built == [("kwok", "-e", '{"slipway_lab": "two"}')]
    if code != ExitCode.OK:
        assert json.loads(done.stdout)["ok"] is False
