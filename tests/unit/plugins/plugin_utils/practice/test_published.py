"""Tests of ``practice.published``."""

import json
from dataclasses import replace

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.published import (
    place,
    publish,
    published,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from support.practice import answer, calls


def test_the_record_is_stored_among_the_accounts_of_the_class(scene, tmp_path):
    student = replace(scene, class_name="math", namespace="class-math-student-03")
    record = Record.load(tmp_path, "demo")
    record.begin("write-sum")
    assert publish(student, record) == ""
    (call,) = calls(tmp_path / "bin")
    assert call.startswith("patch configmap record-student-03 --type=merge --patch ")
    assert "--namespace class-math " in call
    answer(tmp_path / "bin", "patch", error="forbidden\n")
    assert publish(student, record) == "forbidden"


def test_a_published_record_is_read_again(tmp_path):
    record = Record.load(tmp_path, "demo")
    record.begin("write-sum")
    found = published({"data": {"demo": record.text(), "other": "{", "third": '{"tasks": 1}'}})
    assert list(found) == ["demo"] and found["demo"].tasks == record.tasks
    assert published({}) == published({"data": None}) == {}


def test_values_of_another_type_are_no_record():
    for task in ({"checked": "1"}, {"green": "now"}, {"predicted": []}, {"more": 1}, []):
        text = json.dumps({"current": "a", "tasks": {"a": task}})
        assert published({"data": {"demo": text}}) == {}


def test_the_place_of_a_record():
    assert place("math", "class-math-student-03") == ("class-math", "record-student-03")
