"""Tests of ``classroom.students``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.students import (
    ClassError,
    classes,
    plan_students,
    students_of,
)
from support.classroom import class_namespaces, namespace

PORTS = range(30000, 30005)


def test_a_new_class_has_students_with_a_port_each():
    planned = plan_students([namespace("default")], "math", 2, PORTS)
    assert planned == [
        {"student": "student-01", "namespace": "class-math-student-01", "node_port": 30000},
        {"student": "student-02", "namespace": "class-math-student-02", "node_port": 30001},
    ]


def test_students_keep_their_ports_and_new_ones_take_free_ports():
    found = [*class_namespaces(ports=(30003,)), *class_namespaces("art", (30000,))]
    planned = plan_students(found, "math", 3, PORTS)
    assert [one["node_port"] for one in planned] == [30003, 30001, 30002]
    assert len(plan_students(found, "math", 0, PORTS)) == 1


@pytest.mark.parametrize("name", ["", "Math", "-a", "a-", "a" * 21, "a_b", "a/b"])
def test_a_name_that_is_not_allowed(name):
    with pytest.raises(ClassError, match="not a valid name of a class"):
        plan_students([], name, 1, PORTS)


@pytest.mark.parametrize("name", ["class-math", "class-math-student-01"])
def test_a_namespace_of_others_stays(name):
    with pytest.raises(ClassError, match=f"namespace {name} exists and has no label"):
        plan_students([namespace(name, team="shop")], "math", 1, PORTS)


def test_a_class_whose_name_looks_like_a_student_of_another():
    with pytest.raises(ClassError, match="class-math-student-01 exists"):
        plan_students(class_namespaces("math"), "math-student-01", 1, PORTS)


def test_there_are_too_few_ports():
    with pytest.raises(
        ClassError, match="6 more students need a node port each, and 5 of 5 are free"
    ):
        plan_students([], "math", 6, PORTS)


def test_students_and_classes_are_found():
    found = [namespace("default"), *class_namespaces(), *class_namespaces("art", ())]
    assert [one["student"] for one in students_of(found, "math")] == ["student-01", "student-02"]
    created = "2026-01-01T00:00:00Z"
    assert classes(found) == [
        {"class": "art", "students": 0, "created": created},
        {"class": "math", "students": 2, "created": created},
    ]
