"""Tests of ``slipway.lessons.puzzle_list``."""

from slipway.lessons.puzzle_list import list_puzzles
from support.json_document import read_document


def test_puzzles_are_listed_with_their_states(project, practice, capsys):
    assert list_puzzles(project, "en", as_json=False) == 0
    assert "The sum is wrong" in capsys.readouterr().out
    practice.record.begin("sum-wrong")
    list_puzzles(project, "ko", as_json=True)
    (row,) = read_document("puzzles", capsys.readouterr().out)["puzzles"]
    assert row == {
        "puzzle": "sum-wrong", "lesson": "demo", "grade": 1, "title": "합이 틀렸습니다",
        "state": "open",
    }  # fmt: skip
