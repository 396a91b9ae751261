"""Tests of the action plugin ``lesson_step``."""

import pytest
from ansible.errors import AnsiblePromptInterrupt, AnsiblePromptNoninteractive

from ansible_collections.slipway.lab.plugins.action import lesson_step


class Terminal:
    """A terminal that records its lines and answers prompts."""

    def __init__(self, answer=None):
        self.answer, self.lines = answer, []

    def __call__(self):
        return self

    def display(self, text):
        self.lines += text.splitlines()

    def prompt_until(self, text, private):
        self.lines.append(text)
        if self.answer:
            raise self.answer


@pytest.fixture
def terminal(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(lesson_step, "Display", screen)
    return screen


def test_a_step_is_recorded_with_its_commands(run, evidence, terminal):
    assert run(lesson_step, id="first", commands=["kubectl get pods"])["step"] == "Deploy an app"
    (recorded,) = evidence()["steps"]
    assert (recorded["id"], recorded["commands"]) == ("first", ["kubectl get pods"])
    assert terminal.lines == []


def test_a_skipped_step_has_its_reason_and_no_commands(run, evidence, variables, tmp_path):
    progress = tmp_path / "progress"
    variables["slipway_progress_file"] = str(progress)
    run(lesson_step, id="first", commands=["docker ps"], skip="there is no Docker")
    (recorded,) = evidence()["steps"]
    assert (recorded["id"], recorded["commands"]) == ("first", [])
    assert "Deploy an app (there is no Docker)" in progress.read_text()


def test_explain_shows_the_text_and_the_commands_and_waits(run, variables, terminal):
    variables["lesson_explain"] = True
    run(lesson_step, id="first", commands=["kubectl get pods"])
    assert terminal.lines[1:4] == ["== Deploy an app", "The app serves.", "  $ kubectl get pods"]
    assert terminal.lines[4].startswith("[Press Enter to continue")


def test_explain_continues_without_a_terminal(run, variables, terminal):
    variables["lesson_explain"] = True
    terminal.answer = AnsiblePromptNoninteractive("no terminal")
    assert run(lesson_step, id="first")["step"] == "Deploy an app"


def test_the_user_can_end_the_lesson_before_a_step(run, variables, terminal):
    variables["lesson_explain"] = True
    terminal.answer = AnsiblePromptInterrupt("ctrl-c")
    result = run(lesson_step, id="first")
    assert result["failed"] and result["msg"] == "ended by the user before Deploy an app"
