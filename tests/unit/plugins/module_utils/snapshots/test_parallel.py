"""Tests of jobs beside one another."""

import threading
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.parallel import run_all


def test_all_results_are_returned_and_reported():
    lines = []
    jobs = {"a": lambda: 1, "b": lambda: 2, "c": lambda: 3}
    assert run_all(jobs, lambda: None, lambda *line: lines.append(line)) == {"a": 1, "b": 2, "c": 3}
    assert lines == [("a", 0, 3), ("b", 1, 3), ("c", 2, 3)]


def test_a_failure_ends_the_others():
    ended = threading.Event()

    def fails():
        raise ValueError("first")

    def waits():
        assert ended.wait(30)

    began = time.monotonic()
    with pytest.raises(ValueError, match="first"):
        run_all({"a": fails, "b": waits}, ended.set, lambda *_: None)
    assert time.monotonic() - began < 20
