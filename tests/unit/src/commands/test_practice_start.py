"""Tests of ``slipway.commands.practice_start``."""

import pytest

from support.json_document import read_document


@pytest.fixture
def scenes(monkeypatch):
    """The scenes that were set: lesson and variables."""
    calls = []
    monkeypatch.setattr(
        "slipway.lessons.scene_session.set_scene",
        lambda choice, lesson, given, **variables: calls.append((lesson, variables)) or 0,
    )
    return calls


def test_a_lesson_starts(command, scenes):
    command.make()
    assert command("lesson", "start", "demo", "--task", "log-it", "--restart").exit_code == 0
    assert scenes == [("demo", {"practice_task": "log-it", "practice_restart": True})]


def test_a_puzzle_is_set_by_name_or_by_lesson(command, scenes):
    command.make()
    for name in ("sum-wrong", "demo"):
        assert command("lesson", "break", name).exit_code == 0
    assert scenes == [("demo", {"practice_task": "sum-wrong"})] * 2


def test_puzzles_are_listed(command, scenes):
    command.make()
    (row,) = read_document("puzzles", command("lesson", "break", "--json").stdout)["puzzles"]
    assert row["puzzle"] == "sum-wrong" and not scenes


def test_an_unknown_puzzle(command, scenes):
    command.make()
    assert "Unknown puzzle 'no'" in command("lesson", "break", "no").stderr


def test_without_a_lab(command, scenes):
    assert command("lesson", "start", "demo").exit_code == 4
