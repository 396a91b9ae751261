"""Tests of ``slipway.lab.history``."""

import pytest

from slipway.lab.history import recall, recall_artifacts, remember, remember_artifacts
from slipway.lab.phases import FAILED, OK, Phase


def phase(name, state=OK, seconds=1.0):
    return Phase(name, name.title(), state=state, seconds=seconds)


def recalled(state, command, name):
    (found,) = phases = [Phase(name, name.title())]
    recall(state, command, phases)
    return found.last_seconds


def test_phases_that_succeeded_are_remembered_by_command(tmp_path):
    remember(tmp_path / "state", "up", [phase("hosts", seconds=61.27), phase("docker", FAILED)])
    assert recalled(tmp_path / "state", "up", "hosts") == 61.3
    assert recalled(tmp_path / "state", "up", "docker") is None
    assert recalled(tmp_path / "state", "down", "hosts") is None


def test_a_later_failure_keeps_the_last_duration(tmp_path):
    remember(tmp_path, "up", [phase("hosts", seconds=10)])
    remember(tmp_path, "up", [phase("hosts", FAILED, 3)])
    assert recalled(tmp_path, "up", "hosts") == 10


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_damaged_file_counts_as_empty(tmp_path, content):
    (tmp_path / "durations.json").write_text(content)
    assert recalled(tmp_path, "up", "hosts") is None
    remember(tmp_path, "up", [phase("hosts", seconds=2)])
    assert recalled(tmp_path, "up", "hosts") == 2


def test_artifacts_are_remembered_beside_the_phases(tmp_path):
    remember(tmp_path, "up", [phase("hosts", seconds=10)])
    remember_artifacts(tmp_path, {"kubernetes": {"seconds": 300.5, "packages": 2366}})
    remember_artifacts(tmp_path, {"coredns": {"seconds": 60, "packages": 400}})
    remember_artifacts(tmp_path, {})
    assert set(recall_artifacts(tmp_path)) == {"kubernetes", "coredns"}
    assert recalled(tmp_path, "up", "hosts") == 10
    assert recall_artifacts(tmp_path / "absent") == {}
