"""Applying in the comparison of the workload modules, with recorded times."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[4] / "benchmarks"))

from comparison import apply  # noqa: E402
from comparison.declarations import NAMESPACE  # noqa: E402


class RecordedBench:
    """Returns fixed times, and keeps the rows.

    Args:
        work: A folder for files of the run.
    """

    def __init__(self, work: Path):
        self.work = work
        self.rows, self.notes, self.plays, self.writes = [], [], [], 0

    def empty_play(self) -> float:
        return 1.0

    def play(self, task: dict) -> tuple[float, str]:
        self.plays.append(task)
        return (2.0 if "workload" in task else 4.0), ""

    def timed(self, *command: str) -> float:
        self.writes += 1
        return 3.0

    def settled(self, namespace: str) -> tuple[int, dict]:
        return self.writes, {}

    def fresh(self, namespace: str) -> None:
        assert namespace == NAMESPACE

    def say(self, text: str) -> None:
        """Print nothing."""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setattr(apply, "APPS", 10)
    monkeypatch.setattr(apply, "requests_alone", lambda bench, objects: 0.5)
    recorded = RecordedBench(tmp_path)
    apply.compare_apply(recorded, quick=True)
    return recorded


def test_every_tool_is_compared_in_both_runs(bench):
    first, unchanged = (
        {row.against: row for row in bench.rows if row.work.endswith(f"Services, {run}")}
        for run in apply.RUNS
    )
    assert list(first) == list(unchanged) and len(first) == 4
    assert (first["kubectl apply"].theirs, first["kubectl apply"].ours) == (3.0, 2.0)


def test_the_fixed_time_of_a_play_is_not_multiplied(bench):
    loop = next(row for row in bench.rows if row.against == apply.LOOP)
    assert loop.theirs == (4.0 - 1.0) * 10 + 1.0
    assert loop.at_least == 30
    assert {len(task["loop"]) for task in bench.plays if "loop" in task} == {2}


def test_writes_of_an_unchanged_apply_are_counted(bench):
    writes = bench.rows[-1]
    assert (writes.ours, writes.met) == (0, True)
    assert "kubectl apply 1" in bench.notes[0]


def test_no_play_is_faster_than_its_requests(bench):
    floor = next(row for row in bench.rows if "no play can be faster" in row.work)
    assert floor.theirs == 1.5
