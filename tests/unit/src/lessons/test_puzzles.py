"""Tests of ``slipway.lessons.puzzles``."""

import pytest

from slipway.errors import UsageError
from slipway.lessons.puzzles import find_puzzle, puzzles


def test_all_puzzles_with_their_lessons(project):
    assert [(lesson.name, task.name) for lesson, task in puzzles(project)] == [
        ("demo", "sum-wrong")
    ]


@pytest.mark.parametrize("name", ["demo", "sum-wrong"])
def test_a_puzzle_is_found_by_its_name_or_its_lesson(project, name):
    assert find_puzzle(project, name) == ("demo", "sum-wrong")


def test_a_lesson_whose_puzzles_are_all_done_begins_again(project, practice, file):
    practice.record.begin("sum-wrong")
    file.write_text("4")
    practice.check(0)
    assert find_puzzle(project, "demo") == ("demo", "sum-wrong")


def test_an_unknown_name(project):
    with pytest.raises(UsageError, match="Unknown puzzle 'no'"):
        find_puzzle(project, "no")
