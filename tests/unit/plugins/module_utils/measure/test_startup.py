"""Tests of startup times: measured to the matching line, and no process is left."""

import re
import time
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.measure.startup import (
    StartError,
    one_start,
    summary,
)


def test_time_runs_until_the_line():
    took, lines = one_start(
        ["sh", "-c", "echo first; sleep 0.3; echo ready; sleep 60"], re.compile("^ready"), 10
    )
    assert 0.3 <= took < 10
    assert lines == ["first", "ready"]


def test_command_and_its_children_are_ended(tmp_path):
    pid = tmp_path / "pid"
    one_start(
        ["sh", "-c", f"sleep 60 & echo $! > {pid}; echo ready; wait"], re.compile("ready"), 10
    )
    status = Path(f"/proc/{pid.read_text().strip()}/stat")
    for _ in range(50):
        if not status.exists() or " Z " in status.read_text():
            return
        time.sleep(0.1)
    pytest.fail("the child still runs")


def test_what_ends_without_the_word_is_told_with_its_last_lines():
    with pytest.raises(StartError, match="no such thing"):
        one_start(["sh", "-c", "echo no such thing"], re.compile("ready"), 10)


def test_what_never_says_it_is_ended():
    with pytest.raises(StartError, match="did not say 'ready'"):
        one_start(["sleep", "60"], re.compile("ready"), 0.2)


def test_summary():
    assert summary([3.0, 1.0, 2.0]) == {"median": 2.0, "minimum": 1.0, "maximum": 3.0}
