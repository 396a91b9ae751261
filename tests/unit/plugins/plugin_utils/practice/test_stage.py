"""Tests of ``practice.stage``."""

from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import PracticeError
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.stage import (
    begin_task,
    end_practice,
    next_task,
    reset_task,
    restart_lesson,
)
from support.practice import answer, calls


@pytest.fixture
def file(scene):
    return Path(scene.values["file"])


def test_a_task_begins_after_the_solutions_before_it(practice, file):
    begin_task(practice, "log-it")
    assert practice.current == "log-it" and file.read_text() == "4\n"
    file.write_text("5")
    reset_task(practice)
    assert file.read_text() == "4\n"


def test_a_puzzle_begins_with_its_fault(practice, file):
    begin_task(practice, "sum-wrong")
    assert file.read_text() == "5\n"


def test_an_unknown_task_changes_nothing(practice, tmp_path):
    with pytest.raises(PracticeError, match="Unknown task 'no' of the lesson demo") as raised:
        begin_task(practice, "no")
    assert raised.value.next_step == "tasks: write-sum, log-it, sum-wrong"
    assert calls(tmp_path / "bin") == []


def test_the_course_continues_without_touching_the_work(practice, file, tmp_path):
    file.write_text("4, in my own way")
    assert next_task(practice) and practice.current == "log-it"
    assert file.read_text() == "4, in my own way"
    assert calls(tmp_path / "bin") == []
    assert not next_task(practice) and practice.current == "log-it"


def test_after_a_puzzle_the_course_continues(practice, file):
    file.write_text("4")
    practice.check(0)
    begin_task(practice, "sum-wrong")
    assert next_task(practice) and practice.current == "log-it"


def test_a_lesson_begins_again(practice, file, tmp_path):
    practice.solve()
    restart_lesson(practice)
    assert not file.exists()
    assert Practice(tmp_path / "state").progress().state == "open"


def test_a_namespace_of_others_stops_a_reset(practice, file, tmp_path):
    file.write_text("mine")
    answer(tmp_path / "bin", "get", "{}")
    with pytest.raises(PracticeError, match="stays as it is"):
        reset_task(practice)
    assert file.read_text() == "mine"


def test_the_end_removes_the_namespace_and_keeps_the_record(practice, file, tmp_path):
    practice.solve()
    end_practice(practice)
    assert not file.exists()
    assert "delete namespace learn-demo --ignore-not-found" in calls(tmp_path / "bin")
    assert (tmp_path / "state/demo.json").exists()
    with pytest.raises(PracticeError):
        Practice(tmp_path / "state")


def test_the_end_of_a_lab_without_the_namespace(practice, tmp_path):
    answer(tmp_path / "bin", "get", error="Error (NotFound)")
    end_practice(practice)
    assert not (tmp_path / "state/scene.json").exists()


def test_an_end_that_fails_keeps_the_scene(practice, tmp_path):
    answer(tmp_path / "bin", "get", error="no connection")
    with pytest.raises(PracticeError, match="no connection"):
        end_practice(practice)
    assert (tmp_path / "state/scene.json").exists()
