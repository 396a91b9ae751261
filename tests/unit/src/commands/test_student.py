"""Tests of ``slipway.commands.student``."""

import json

import pytest

PLACE = {
    "format": "slipway-class 1", "class": "math", "student": "student-03", "node_port": 30002,
    "values": {"address": "192.0.2.1"}, "lessons": ["tutorial"],
    "kubeconfig": {"clusters": [{"cluster": {"server": "https://192.0.2.1:8443"}}]},
}  # fmt: skip


@pytest.fixture
def played(monkeypatch):
    """The runs: command, lab and variables."""
    runs = []

    def converge(command, playbooks, preflight, choice, given):
        runs.append((command, playbooks, choice.lab, json.loads(choice.extra_vars[-1])))
        return 0

    monkeypatch.setattr("slipway.commands.student.converge", converge)
    monkeypatch.setattr("slipway.classroom.place.SECONDS", 0.05)
    return runs


@pytest.fixture
def file(tmp_path):
    found = tmp_path / "student-03.json"
    found.write_text(json.dumps(PLACE))
    return found


def test_a_student_joins_and_learns_how_to_reach_the_lab(command, played, file):
    done = command("class", "join", str(file))
    assert done.exit_code == 0
    ((name, playbooks, lab, variables),) = played
    assert (name, playbooks, lab) == ("join", ("lessons/class/join",), "math-student-03")
    assert variables == {"class_file": str(file), "class_forwarded": False}
    assert "ssh -N -L 8443:192.0.2.1:8443" in done.stdout and "--forwarded" in done.stdout
    assert "lesson start tutorial --lab math-student-03" in done.stdout


def test_another_name_of_the_place(command, played, file):
    assert (
        command("class", "join", str(file), "--lab", "mine", "--forwarded", "--json").exit_code == 0
    )
    assert played[0][2:] == ("mine", {"class_file": str(file), "class_forwarded": True})


def test_a_file_of_something_else(command, played, tmp_path):
    (tmp_path / "f").write_text("{}")
    done = command("class", "join", str(tmp_path / "f"))
    assert done.exit_code == 2 and "not a valid file of a class" in done.stderr and not played


def test_a_student_leaves(command, played):
    (command.make("math-student-03") / "student.json").write_text("{}")
    assert command("class", "leave", "--lab", "math-student-03").exit_code == 0
    assert played[0][1:] == (("lessons/class/join",), "math-student-03", {"class_state": "absent"})


def test_a_lab_of_ones_own_is_not_left(command, played):
    command.make()
    done = command("class", "leave", "--lab", "fixture")
    assert done.exit_code == 2 and "a lab of your own" in done.stderr and not played
