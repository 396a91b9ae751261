"""Tests of ``practice.session``."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import (
    CLASS_LABEL,
    PracticeError,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.stage import (
    begin_task,
    end_practice,
)
from support.practice import LESSONS, answer, calls


@pytest.fixture
def file(scene):
    return Path(scene.values["file"])


def test_without_a_scene_there_is_no_practice(tmp_path):
    with pytest.raises(PracticeError, match="no lesson was started"):
        Practice(tmp_path / "nowhere")


def test_the_first_task_is_the_current_one_with_the_values_of_the_lab(practice, file):
    words = practice.words()
    assert (practice.current, words.id) == ("write-sum", "write-sum")
    assert str(file) in words.text and "{{" not in words.text
    assert words.checks == {"sum-written": "The file contains 4."}
    assert words.hints[1] == "`expr` prints the sum, and `>` writes it."


def test_the_text_has_the_language_of_the_student(scene, tmp_path):
    assert Practice(tmp_path / "state", "ko").words().title == "합 쓰기"


def test_a_check_is_red_then_green_and_measures_the_answer(practice, file, tmp_path):
    practice.predict("5")
    assert [one.passed for one in practice.check(0)] == [False]
    assert practice.progress().state == "new"
    file.write_text("4\n")
    assert [one.passed for one in practice.check(0)] == [True]
    again = Practice(tmp_path / "state").progress()
    assert (again.checked, again.predicted, again.measured) == (2, "5", "4")
    assert again.state == "done"


def test_hints_grow(practice):
    assert [len(practice.hint()) for _ in range(3)] == [1, 2, 2]


def test_a_solution_is_shown_without_running_it(practice, file):
    assert practice.solution()[0].text == f'expr 2 + 2 > "{file}"'
    assert not file.exists()


def test_a_solved_task_says_so(practice, file):
    assert all(one.passed for one in practice.solve())
    assert file.read_text() == "4\n" and practice.progress().state == "solved"


def test_a_task_that_is_done_stays_done_by_the_student(practice, file):
    file.write_text("4")
    practice.check(0)
    practice.solve()
    assert practice.progress().state == "done"


def test_predictions_fit_the_question(practice):
    with pytest.raises(PracticeError, match="'many' is not a number"):
        practice.predict("many")
    practice.record.begin("log-it")
    with pytest.raises(PracticeError, match="unknown choice '4'") as raised:
        practice.predict("4")
    assert raised.value.next_step == "choices: same, other"
    practice.predict("same")
    practice.record.begin("sum-wrong")
    with pytest.raises(PracticeError, match="asks for no prediction"):
        practice.predict("1")


def test_a_known_outcome_is_not_predicted(practice, file):
    file.write_text("4")
    practice.check(0)
    with pytest.raises(PracticeError, match="its answer is known"):
        practice.predict("4")


@pytest.fixture
def student(scene, tmp_path):
    """The practice of a student of the class ``math``."""
    replace(scene, class_name="math", namespace="class-math-student-01", offers=()).save(
        tmp_path / "state"
    )
    answer(tmp_path / "bin", "get", json.dumps({CLASS_LABEL: "math"}))
    return Practice(tmp_path / "state")


def published(tmp_path):
    return [call for call in calls(tmp_path / "bin") if call.startswith("patch configmap record-")]


def test_the_teacher_of_a_class_sees_what_the_student_does(student, file, tmp_path):
    begin_task(student, "write-sum")
    assert '"began"' in published(tmp_path)[-1].replace("\\", "")
    file.write_text("4")
    student.check(0)
    assert '"checked": 1' in published(tmp_path)[-1].replace("\\", "")
    answer(tmp_path / "bin", "patch", error="no connection\n")
    assert Practice(tmp_path / "state").unpublished == ""
    student = Practice(tmp_path / "state")
    student.check(0)
    assert student.unpublished == "no connection"


def test_repeated_red_checks_are_published_once(student, tmp_path):
    for _ in range(3):
        student.check(0)
    assert len(published(tmp_path)) == 1


def test_a_rehearsal_is_not_published(student, tmp_path):
    student.record = Record(tmp_path / "rehearsal.json")
    student.check(0)
    assert published(tmp_path) == []


def test_the_namespace_of_a_student_stays_at_the_end(student, tmp_path):
    end_practice(student)
    assert not [call for call in calls(tmp_path / "bin") if call.startswith("delete namespace")]


def test_a_lesson_that_needs_the_whole_lab_is_refused(scene, tmp_path):
    folder = tmp_path / "lesson"
    shutil.copytree(LESSONS / "demo", folder)
    tasks = folder / "tasks.yml"
    tasks.write_text(tasks.read_text().replace("scene:", "scene:\n  needs: lab", 1))
    replace(scene, folder=str(folder)).save(tmp_path / "state")
    assert Practice(tmp_path / "state").names
    replace(scene, folder=str(folder), class_name="math", offers=()).save(tmp_path / "state")
    with pytest.raises(PracticeError, match="need the whole lab"):
        Practice(tmp_path / "state")


def needing(scene, tmp_path, need):
    """Return the lesson without a host, in which some tasks need something."""
    folder = tmp_path / "lesson"
    shutil.copytree(LESSONS / "demo", folder)
    tasks = folder / "tasks.yml"
    tasks.write_text(need(tasks.read_text()))
    return replace(scene, folder=str(folder), host=(), offers=("lab",))


def test_tasks_of_docker_are_left_out_without_a_host(scene, tmp_path):
    mark = "  log-it:\n"
    found = needing(
        scene, tmp_path, lambda text: text.replace(mark, f"{mark}    needs: minikube\n")
    )
    found.save(tmp_path / "state")
    practice = Practice(tmp_path / "state")
    assert practice.names == ["write-sum"] and list(practice.left_out) == ["log-it"]
    with pytest.raises(PracticeError, match="log-it of demo needs Minikube") as raised:
        begin_task(practice, "log-it")
    assert "slipway_engine: minikube" in raised.value.next_step
    assert practice.current == "write-sum"
    replace(found, offers=("lab", "minikube")).save(tmp_path / "state")
    assert Practice(tmp_path / "state").left_out == {}


def test_a_lesson_of_docker_is_refused_without_a_host(scene, tmp_path):
    found = needing(
        scene, tmp_path, lambda text: text.replace("scene:", "scene:\n  needs: minikube", 1)
    )
    found.save(tmp_path / "state")
    with pytest.raises(PracticeError, match="the tasks of demo need Minikube, or a host"):
        Practice(tmp_path / "state")
