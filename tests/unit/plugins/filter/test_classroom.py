"""Filters of classes."""

import json
import time

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.slipway.lab.plugins.filter.classroom import FilterModule
from support.classroom import ADMIN, class_namespaces, record, token
from support.practice import LESSONS

FILTERS = FilterModule().filters()
STUDENT = {"student": "student-01", "namespace": "class-math-student-01", "node_port": 30000}
COMMON = {"class": "math", "lab": "default"}


def test_a_plan_that_cannot_be_is_an_error_of_the_filter():
    assert len(FILTERS["class_plan"]([], "math", "3", ["30000", "30001", "30002"])) == 3
    with pytest.raises(AnsibleFilterError, match="not a valid name"):
        FILTERS["class_plan"]([], "A", 1, [])


def test_images_of_lessons():
    folders = {"demo": str(LESSONS / "demo")}
    assert FILTERS["class_images"](folders, ["demo", "demo"]) == ["bootcamp_v1"]
    with pytest.raises(AnsibleFilterError, match="class_lessons: other"):
        FILTERS["class_images"](folders, ["other"])


def test_a_lesson_that_needs_the_whole_lab(tmp_path):
    (tmp_path / "tasks.yml").write_text(
        "scene: {needs: lab}\ntasks: {a: {checks: {b: {run: 'true'}}}}"
    )
    with pytest.raises(AnsibleFilterError, match="need the whole lab"):
        FILTERS["class_images"]({"demo": str(tmp_path)}, ["demo"])


def test_files_have_new_tokens_or_keep_theirs(tmp_path):
    accounts = [{"metadata": {"name": "student-01", "uid": "u1"}}]
    waiting = FILTERS["class_unserved"]([STUDENT], str(tmp_path), accounts, time.time())
    assert list(waiting) == [STUDENT]
    new = token()
    (file,) = FILTERS["class_files"](
        [STUDENT], [{"item": STUDENT, "stdout": new}], str(tmp_path), ADMIN, COMMON
    )
    assert file["mode"] == "0600" and new in file["content"]
    path = tmp_path / "student-01.json"
    assert file["path"] == str(path)
    path.write_text(file["content"])
    assert FILTERS["class_files"]([STUDENT], [], str(tmp_path), ADMIN, COMMON) == [file]
    assert json.loads(file["content"])["lab"] == "default"


def test_the_board_is_written():
    tasks = {"write-sum": {"began": 1, "green": 2}}
    folders = {"demo": str(LESSONS / "demo")}
    board = FILTERS["class_board"](class_namespaces(), "math", [record(**tasks)], folders)
    assert board[0]["lessons"][0]["done"] == 1
    assert "student-01,demo,write-sum" in FILTERS["class_csv"](board, "math")
    assert 'name="student-01.demo"' in FILTERS["class_junit"](board, "math")
