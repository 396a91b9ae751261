"""Tests of ``plugin_utils.lesson_action``."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_action import LessonAction
from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_record import Evidence


class Greet(LessonAction):
    """An action for the tests."""

    OPTIONS = {"name": True, "loud": False}
    LAZY = ("name",)

    def act(self, given):
        """Return the arguments."""
        return {"given": given, "lesson": self.lesson}


@pytest.fixture
def action(tmp_path):
    """Create the action with arguments and the variables of a lesson."""

    def made(**arguments):
        task = SimpleNamespace(
            args=arguments, action="greet", async_val=0, check_mode=False, diff=False,
            environment=None, delegate_to=None,
        )  # fmt: skip
        templar = SimpleNamespace(template=lambda value: value)
        greet = Greet.__new__(Greet)
        greet._task, greet._templar = task, templar
        greet.vars = {
            "lesson_name": "demo", "lesson_lang": "en", "playbook_dir": str(tmp_path / "demo"),
            "lesson_evidence_file": str(tmp_path / "demo.json"),
            "slipway_progress_file": str(tmp_path / "progress.jsonl"),
            "lesson_work_dir": str(tmp_path / "work"),
        }  # fmt: skip
        return greet

    return made


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"nam": "x"}, "greet: unknown: nam; missing: name"),
        ({}, "greet: missing: name"),
    ],
)
def test_wrong_arguments_are_named(action, monkeypatch, arguments, message):
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *a: {})
    greet = action(**arguments)
    result = greet.run(task_vars=greet.vars)
    assert (result["failed"], result["msg"]) == (True, message)


def test_the_work_gets_the_arguments_and_the_variables(action, monkeypatch):
    monkeypatch.setattr("ansible.plugins.action.ActionBase.run", lambda *a: {})
    greet = action(name="{{ x }}")
    result = greet.run(task_vars=greet.vars)
    assert result == {"changed": False, "given": {"name": "{{ x }}"}, "lesson": "demo"}


def test_lazy_arguments_stay_as_they_are_written(monkeypatch):
    templated = []
    monkeypatch.setattr(
        "ansible.plugins.action.ActionBase.finalize_task_arg",
        classmethod(lambda cls, name, value, templar, context: templated.append(name)),
    )
    assert Greet.finalize_task_arg("name", "{{ x }}", None, None) == "{{ x }}"
    Greet.finalize_task_arg("loud", "{{ x }}", None, None)
    assert templated == ["loud"]


def test_text_evidence_and_progress_belong_to_the_lesson(action, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/en.md").write_text("# Demo\n")
    Evidence(tmp_path / "demo.json").begin("demo")
    greet = action(name="x")
    assert greet.text.title == "Demo"
    assert greet.evidence.data["lesson"] == "demo"
    greet.tell("Deploy", 1, 9)
    line = json.loads((tmp_path / "progress.jsonl").read_text())
    assert (line["task"], line["message"], line["step"], line["total"]) == ("demo", "Deploy", 1, 9)


def test_programs_in_the_background_are_stopped(action):
    assert action(name="x").stop_background() == []
