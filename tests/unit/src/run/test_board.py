"""Tests of ``slipway.run.board``."""

from dataclasses import replace
from pathlib import Path

import pytest

from slipway.lab.phases import OK
from slipway.lab.progress import Step
from slipway.lab.project import locate
from slipway.run.board import Board

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures/project"


@pytest.fixture
def project(tmp_path):
    return replace(locate(), root=FIXTURE, cache=tmp_path / "cache", state=tmp_path / "state")


def ids(board):
    return [phase.id for phase in board.phases]


def test_a_teardown_before_others_is_one_phase(project):
    board = Board(project, "rebuild", ["teardown", "site"], [], [])
    assert ids(board) == ["down", "mirror", "artifacts", "hosts", "report"]
    assert len(board.runs) == 2
    assert board.phases[0].plays == ["Remove the lab"]


def test_phases_that_a_run_adds_belong_to_the_board(project):
    board = Board(project, "up", ["site"], [], [])
    start = {"event": "playbook_on_play_start", "event_data": {"name": "Another"}}
    board.runs[0].apply(start, 0)
    assert ids(board)[-1] == "another"


def test_durations_are_remembered(project):
    board = Board(project, "up", ["site"], [], [])
    hosts = next(phase for phase in board.phases if phase.id == "hosts")
    hosts.begin(10)
    hosts.end(OK, 72)
    board.runs[0].step(Step(0, "artifacts", "go: x/y (7)"), 0)
    board.runs[0].step(Step(0, "artifacts", "go: made in 1 s"), 9)
    board.remember()
    again = Board(project, "up", ["site"], [], [])
    assert next(p for p in again.phases if p.id == "hosts").last_seconds == 62
    assert again.runs[0].artifacts.earlier == {"go": {"seconds": 9, "packages": 7}}
