"""Tests of ``practice.session``."""

from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import PracticeError
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice


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
