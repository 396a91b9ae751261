"""Tests of ``slipway.lessons.task_view``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Command
from slipway.launcher import CommandLine
from slipway.lessons.task_view import TaskView, plain
from support.displayed_run import make_console, text_of


@pytest.fixture
def view():
    return TaskView(make_console(80), "en", CommandLine(launcher="./slipway"))


def lines(view):
    return [line.strip() for line in text_of(view.console).splitlines()]


def test_a_task_has_its_number_question_and_next_step(view, practice):
    view.show_task(practice)
    shown = lines(view)
    assert "1/2  Write the sum" in shown
    assert "expr 2 + 2" in shown
    assert "Predict: How many are two and two?" in shown
    assert "next  ./slipway lesson check  ·  ./slipway lesson hint" in shown


def test_a_puzzle_has_its_grade(view, practice):
    practice.record.begin("sum-wrong")
    view.show_task(practice)
    assert "puzzle, grade 1  The sum is wrong" in lines(view)


def test_choices_and_the_answer_so_far(view, practice):
    practice.record.begin("log-it")
    view.show_prediction(practice)
    assert "next  ./slipway lesson predict same|other" in lines(view)
    practice.predict("same")
    view.show_prediction(practice)
    assert "Your prediction: same" in lines(view)


def test_a_red_check_shows_what_was_expected_and_seen(view, practice, file):
    file.write_text("5")
    view.show_results(practice, practice.check(0))
    shown = lines(view)
    assert shown[:2] == ["✗ The file contains 4.", "seen: 5"]
    assert "./slipway lesson solve" in shown[-1]


def test_a_green_check_shows_the_prediction_beside_the_measurement(view, practice, file):
    practice.predict("5")
    file.write_text("4")
    view.show_results(practice, practice.check(0))
    assert lines(view) == [
        "✓ The file contains 4.", "You predicted: 5 apples. Measured: 4 apples",
        "next  ./slipway lesson next",
    ]  # fmt: skip


def test_commands_keep_their_lines(view):
    long = (
        "kubectl create deployment web --image=registry/with/a/long/name:v1 --replicas=3 --port=80"
    )
    view.show_commands([Command("run", long), Command("host", "docker ps")], "lab1")
    shown = lines(view)
    assert long in shown
    assert "On lab1, as root (./slipway shell lab1 -- sudo -i):" in shown


def test_hints_and_what_follows_the_last_one(view):
    view.show_hints(["Look."], 2)
    assert lines(view)[0] == "1/2 Look."
    assert "solve" not in text_of(view.console)
    view.show_hints(["Look.", "Here."], 2)
    assert "./slipway lesson solve --show" in text_of(view.console)


def test_a_task_without_hints(view):
    view.show_hints([], 0)
    assert "There are no hints for this task." in text_of(view.console)


def test_progress_lists_tasks_and_the_puzzles_that_were_begun(view, practice, file):
    file.write_text("4")
    practice.check(0)
    view.show_progress(practice)
    assert "write-sum" in text_of(view.console) and "done" in text_of(view.console)
    assert "sum-wrong" not in text_of(view.console)
    practice.record.begin("sum-wrong")
    view.show_progress(practice)
    assert "sum-wrong" in text_of(view.console)


def test_the_scene_has_its_costs_and_the_line_for_the_terminal(view, practice):
    view.show_scene(practice)
    text = text_of(view.console)
    assert "about 5 minutes and 10" in text and 'eval "$(./slipway lesson env)"' in text
    assert "left out" not in text


def test_a_scene_names_the_tasks_that_are_left_out(view, practice):
    practice.left_out = dict.fromkeys(["log-it", "sum-wrong"], ("a host", "make one"))
    view.show_scene(practice)
    assert "Not possible here, and left out: log-it, sum-wrong" in lines(view)


def test_the_end_names_what_remains(view):
    view.show_end()
    assert "./slipway lesson break" in text_of(view.console)


def test_markdown_signs_are_removed():
    assert plain("The *web* has `v1`.") == "The web has v1."
