"""Tests of ``classroom.board``."""

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.board import read_board
from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.students import students_of
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks
from support.classroom import class_namespaces, record
from support.practice import LESSONS

TASKS = {"demo": read_tasks(LESSONS / "demo")}


def board(*records):
    return read_board("math", students_of(class_namespaces(), "math"), records, TASKS)


def test_the_board_has_all_students_and_all_tasks_of_lessons_that_they_began():
    first, second = board(
        record(**{"write-sum": {"began": 10, "green": 20.5, "checked": 2, "predicted": "4"}})
    )
    (lesson,) = first["lessons"]
    assert (lesson["lesson"], lesson["current"], lesson["done"], lesson["of"]) == (
        "demo", "write-sum", 1, 2,
    )  # fmt: skip
    assert [(one["task"], one["state"], one["checks"]) for one in lesson["tasks"]] == [
        ("write-sum", "done", 2), ("log-it", "new", 0),
    ]  # fmt: skip
    assert second == {"student": "student-02", "lessons": []}


def test_a_puzzle_is_shown_when_it_was_begun():
    (lesson,) = board(record(**{"sum-wrong": {"began": 1, "green": 2, "solved": True}}))[0][
        "lessons"
    ]
    assert lesson["tasks"][-1]["state"] == "solved" and lesson["tasks"][-1]["puzzle"]
    assert lesson["done"] == 0  # puzzles do not count


def test_what_a_student_writes_instead_of_a_record_is_left_out():
    """The student can change the published record."""
    assert board(record(**{"write-sum": {"green": "yes"}}))[0]["lessons"] == []
    assert board(record(lesson="unknown"))[0]["lessons"] == []
    strange = board(record(**{"\x1b[31m": {"began": 1}}))
    assert strange[0]["lessons"][0]["current"] == ""
    assert "\x1b" not in str(strange)
