"""Tests of ``practice.checks``."""

import json
import threading
import time
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import (
    SHOWN,
    check_task,
    measure,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Check, Task
from support.practice import answer, calls


def task(*checks, **more):
    return Task("t", checks, (), **more)


def checked(scene, kind, subject, that, seen=""):
    (result,) = check_task(scene, task(Check("c", kind, subject, that, seen)))
    return result


@pytest.mark.parametrize(
    ("that", "seen", "passed", "shown"),
    [
        ("found.n == 3", "{{ found.n }} of 4", True, "3 of 4"),
        ("found.n == 4", "{{ found.n }}", False, "3"),
        ("found.n + 'x' == 4", "{{ found.n }}", False, "unsupported operand"),
        ("found.missing.deep == 1", "", False, ""),
    ],
)
def test_objects(scene, tmp_path, that, seen, passed, shown):
    answer(tmp_path / "bin", "get", json.dumps({"kind": "Pod", "n": 3}))
    result = checked(scene, "get", "pod x", that, seen)
    assert result.passed is passed and shown in result.seen


def test_a_missing_object_shows_the_reason(scene, tmp_path):
    answer(tmp_path / "bin", "get", error="not found")
    result = checked(scene, "get", "pod x", "found.n == 3", "{{ found.n }}")
    assert (result.passed, result.seen) == (False, "not found")


@pytest.mark.parametrize(
    ("text", "passed", "seen"),
    [
        ("echo yes", True, "yes"),
        ("echo no >&2; exit 3", False, "no"),
        ("exit 3", False, "exit code 3"),
        ("echo {{ host }}", True, "lab1"),
    ],
)
def test_commands(scene, text, passed, seen):
    result = checked(scene, "run", text, "code == 0")
    assert (result.passed, result.seen) == (passed, seen)


def test_a_long_answer_is_cut(scene):
    result = checked(scene, "run", "seq 1 1000", "code == 1")
    assert len(result.seen) == SHOWN


def test_one_reading_serves_several_checks(scene, tmp_path):
    answer(tmp_path / "bin", "get", json.dumps({"kind": "Pod", "n": 3}))
    one, two = (Check(name, "get", "pod x", "found.n == 3", "") for name in "ab")
    assert [result.passed for result in check_task(scene, task(one, two))] == [True, True]
    assert len(calls(tmp_path / "bin")) == 1


def test_a_check_waits_for_an_outcome_that_comes(scene):
    file = Path(scene.values["file"])
    threading.Timer(0.6, lambda: file.write_text("4")).start()
    one = task(Check("c", "run", 'cat "{{ file }}"', "out == '4'", ""))
    assert check_task(scene, one, seconds=0)[0].passed is False
    assert check_task(scene, one, seconds=10)[0].passed is True


def test_a_check_that_stays_red_ends_in_time(scene):
    began = time.monotonic()
    check_task(scene, task(Check("c", "run", "false", "code == 0", "")), seconds=1)
    assert time.monotonic() - began < 3


def test_answers_are_measured(scene):
    one = Check("c-d", "run", "echo 7", "code == 0", "")
    results = check_task(scene, task(one))
    assert measure(scene, task(one, answer="{{ c_d.out | int + 1 }}"), results) == "8"
    assert measure(scene, task(one, measure="echo 5"), results) == "5"
    assert measure(scene, task(one, answer="{{ 'a' + 1 }}"), results) == ""


def test_an_outcome_for_programs(scene):
    result = checked(scene, "run", "echo yes", "code == 0")
    assert result.as_dict({"c": "It says yes."}) == {
        "name": "c", "passed": True, "expected": "It says yes.", "seen": "yes",
    }  # fmt: skip
