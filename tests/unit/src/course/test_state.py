"""Tests of ``slipway.course.state``."""

from pathlib import Path

from slipway.course.state import read_state
from slipway.lessons.practice_state import open_practice


def test_without_a_started_lesson(project, lines):
    assert read_state(project, lines) == {
        "lesson": None, "task": None, "checks": [], "lessons": {"demo": {"tasks": {}}},
    }  # fmt: skip


def test_a_look_shows_the_outcome_and_records_nothing(project, scene, lines):
    Path(scene.values["file"]).write_text("4")
    state = read_state(project, lines)
    assert (state["lesson"], state["task"]) == ("demo", "write-sum")
    assert state["checks"] == [{"name": "sum-written", "passed": True, "seen": "4"}]
    assert state["lessons"]["demo"]["tasks"] == {}
    open_practice(project, lines, "en").check(0)
    assert read_state(project, lines)["lessons"]["demo"]["tasks"] == {"write-sum": "done"}
