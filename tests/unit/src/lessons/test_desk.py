"""Tests of ``slipway.lessons.desk``."""

import threading

import pytest

from slipway.launcher import CommandLine
from slipway.lessons import desk as desk_module
from slipway.lessons.desk import Desk
from support.json_document import read_document
from support.practice import answer


@pytest.fixture
def desk(practice):
    return Desk(practice, CommandLine(launcher="./slipway"), "en", as_json=False)


@pytest.fixture
def json_desk(practice):
    return Desk(practice, CommandLine(launcher="./slipway"), "en", as_json=True)


def test_a_check_is_shown_and_returned(desk, file, capsys):
    assert desk.check(0) is False
    file.write_text("4")
    assert desk.check(0) is True
    assert "✓ The file contains 4." in capsys.readouterr().out


def test_each_action_prints_one_document(json_desk, file, capsys):
    def document():
        return read_document("practice", capsys.readouterr().out)

    json_desk.show_task()
    assert document()["title"] == "Write the sum"
    json_desk.check(0)
    assert document()["checks"][0]["passed"] is False
    json_desk.predict("4")
    assert document()["tasks"][0]["predicted"] == "4"
    json_desk.hint()
    assert document()["hints"] == ["A program calculates."]
    json_desk.solve(only_show=True)
    assert document()["solution"] == [{"run": f'expr 2 + 2 > "{file}"'}]
    assert json_desk.solve(only_show=False) is True
    assert document()["tasks"][0]["state"] == "solved"
    json_desk.next()
    assert document()["more"] is True
    json_desk.reset(whole=True)
    assert document()["task"] == "write-sum"
    json_desk.show_progress()
    assert document()["lesson"] == "demo"
    json_desk.end()
    assert document()["lesson"] == "demo"


def test_watching_ends_when_the_task_is_done(desk, file, monkeypatch, capsys):
    monkeypatch.setattr(desk_module, "WATCH_PAUSE", 0.05)
    threading.Timer(0.3, lambda: file.write_text("4")).start()
    desk.watch()
    shown = capsys.readouterr().out
    assert shown.count("✗") == 1 and shown.count("✓") == 1


def test_the_solution_is_shown_before_it_runs(desk, file, capsys):
    assert desk.solve(only_show=False)
    shown = capsys.readouterr().out
    assert shown.index("expr 2 + 2 >") < shown.index("✓")


def test_the_last_task_ends_the_course(desk, capsys):
    desk.next()
    desk.next()
    assert "This was the last task." in capsys.readouterr().out


def test_a_reset_shows_the_task_again(desk, file, capsys):
    file.write_text("5")
    desk.reset(whole=False)
    assert not file.exists() and "Write the sum" in capsys.readouterr().out


def test_hints_predictions_and_the_end_are_shown(desk, tmp_path, capsys):
    answer(tmp_path / "bin", "delete")
    desk.predict("4")
    desk.hint()
    desk.show_progress()
    desk.end()
    shown = capsys.readouterr().out
    for words in ("Your prediction: 4", "A program calculates.", "write-sum"):
        assert words in shown


def test_a_student_learns_that_the_teacher_does_not_see_the_record(desk, practice, capsys):
    practice.unpublished = "no connection"
    desk.check(0)
    assert "The teacher does not see this yet: no connection" in capsys.readouterr().err
