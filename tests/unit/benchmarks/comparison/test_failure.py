"""Failures in the comparison of the workload modules, with recorded times."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.append(str(Path(__file__).resolve().parents[4] / "benchmarks"))

from comparison.failure import compare_failure  # noqa: E402

EXPLAINED = "app7: ErrImagePull; next: check the image's name"


class RecordedBench:
    """Returns a fixed output of each play, and keeps the rows.

    Args:
        output: The output of each play.
    """

    def __init__(self, output: str):
        self.output, self.rows, self.times = output, [], iter((3.5, 9.0))

    @contextlib.contextmanager
    def watch(self, path: str):
        event = {"reason": "Failed", "involvedObject": {"name": "app7-x"}}

        def first(wanted) -> float:
            assert wanted(event)
            return 3.0

        yield SimpleNamespace(first=first)

    def play(self, task: dict, fails: bool) -> tuple[float, str]:
        assert fails
        return 1.0, self.output

    def shown(self, mark: str) -> float:
        return next(self.times)

    def fresh(self, namespace: str) -> None:
        """Do nothing."""


def test_seconds_count_from_the_event():
    bench = RecordedBench(EXPLAINED)
    compare_failure(bench, quick=True)
    own, peer = bench.rows
    assert (own.ours, own.met) == (0.5, True)
    assert (peer.theirs, peer.ours) == (6.0, 0.5)


def test_a_failure_without_explanation_ends_the_benchmark():
    with pytest.raises(SystemExit, match="the failure was not explained"):
        compare_failure(RecordedBench("failed"), quick=True)
