"""Tests of ``practice.rehearsal``."""

from dataclasses import replace

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice import rehearsal
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.rehearsal import (
    rehearse,
    typed_commands,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import PracticeError
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    Check,
    Command,
    Wrong,
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(rehearsal, "RED_SECONDS", 0)


def change(practice, name, **values):
    """Change a task, and rehearse it; return the problems."""
    task = practice.tasks.get(name)
    kind = practice.tasks.tasks if name in practice.tasks.tasks else practice.tasks.puzzles
    kind[name] = replace(task, settle=0, **values)
    (result,) = rehearse(practice, [name])
    return " ".join(result.problems)


def test_a_good_lesson_has_no_problems_and_the_students_record_stays(practice):
    practice.record.begin("log-it")
    shown = []
    results = rehearse(practice, show=shown.append)
    assert [(one.task, one.problems, one.wrong) for one in results] == [
        ("write-sum", (), 2), ("log-it", (), 2), ("sum-wrong", (), 2),
    ]  # fmt: skip
    assert shown == results
    assert (practice.state / "demo.json").exists()
    assert not (practice.state / "rehearsal.json").exists()


def test_a_task_that_the_lesson_does_not_have_is_named(practice):
    with pytest.raises(PracticeError, match="Unknown task 'no'"):
        rehearse(practice, ["no"])


def test_a_task_that_is_green_before_it_was_done(practice):
    check = Check("sum-written", "run", "true", "code == 0", "")
    assert "green before" in change(practice, "write-sum", checks=(check,))


def test_a_wrong_solution_that_passes(practice):
    right = Wrong((Command("run", 'echo 4 > "{{ file }}"'),), ("sum-written",))
    task = practice.tasks.get("write-sum")
    problems = change(practice, "write-sum", wrong=(task.wrong[0], right))
    assert problems == "wrong solution 2 passes sum-written"


def test_a_solution_that_fails(practice):
    problems = change(practice, "write-sum", solution=(Command("run", "echo no; false"),))
    assert "this command of the solution fails: echo no; false: no" in problems
    assert "after the solution, sum-written is red" in problems


def test_a_task_needs_two_wrong_solutions_and_a_measured_answer(practice):
    task = practice.tasks.get("write-sum")
    assert "needs two" in change(practice, "write-sum", wrong=task.wrong[:1])
    assert "cannot be measured" in change(practice, "write-sum", measure="true", wrong=task.wrong)


def test_a_command_of_the_text_that_fails(practice):
    practice.text.task("write-sum").text = "Type:\n\n```sh\nno-such-program\n```\n"
    assert "this command of the text fails: no-such-program" in change(practice, "write-sum")


def test_blocks_for_terminals_are_typed():
    text = "```sh\na\nb\n```\n\n```host\nc\n```\n\n```yaml\nd\n```\n"
    assert typed_commands(text) == [Command("run", "a\nb"), Command("host", "c")]
