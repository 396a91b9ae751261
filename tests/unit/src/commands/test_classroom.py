"""Tests of ``slipway.commands.classroom``."""

import json

import pytest


@pytest.fixture
def played(monkeypatch):
    """The playbooks and variables of the runs."""
    runs = []

    def converge(command, playbooks, preflight, choice, given, result=""):
        runs.append((command, playbooks, json.loads(choice.extra_vars[-1]), result))
        return 0

    monkeypatch.setattr("slipway.commands.classroom.converge", converge)
    return runs


def test_a_class_is_created(command, played):
    command.make()
    words = ("class", "create", "math", "--students", "3", "--lessons", "tutorial, scaling")
    assert command(*words).exit_code == 0
    ((name, playbooks, variables, result),) = played
    assert (name, playbooks, result) == ("class", ("lessons/class/create",), "class.json")
    assert variables == {
        "class_name": "math", "class_students": 3, "class_days": 7, "class_lessons": ["tutorial", "scaling"],
    }  # fmt: skip
    assert command("class", "create", "math").exit_code == 0
    assert "class_lessons" not in played[1][2]


@pytest.mark.parametrize(
    ("words", "playbook", "variables"),
    [
        (("reset", "math"), "reset", {"class_name": "math", "class_student": ""}),
        (("reset", "math", "student-02"), "reset", {"class_name": "math", "class_student": "student-02"}),
        (("delete", "math"), "delete", {"class_name": "math"}),
        (("export", "math", "/srv/x"), "export", {"class_name": "math", "class_export": "/srv/x"}),
    ],
)  # fmt: skip
def test_a_class_is_changed(command, played, words, playbook, variables):
    command.make()
    assert command("class", *words).exit_code == 0
    assert played[0][1:3] == ((f"lessons/class/{playbook}",), variables)


def test_without_a_lab(command, played):
    assert command("class", "create", "math").exit_code == 4 and not played


def test_a_place_in_a_class_is_no_lab_to_change(command):
    """Its lab belongs to the teacher."""
    (command.make("math-student-01") / "student.json").write_text("{}")
    for words in (("down",), ("up",), ("class", "create", "art")):
        done = command(*words, "--lab", "math-student-01")
        assert done.exit_code == 3 and "belongs to the teacher" in done.stderr
