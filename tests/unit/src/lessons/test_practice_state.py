"""Tests of ``slipway.lessons.practice_state``."""

import subprocess

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import PracticeError
from slipway.errors import SlipwayError, UsageError
from slipway.launcher import CommandLine
from slipway.lessons.practice_state import (
    as_dict,
    open_practice,
    reported_errors,
    shell_environment,
    shell_lines,
)


def test_without_a_started_lesson_the_next_step_is_named(project):
    with pytest.raises(UsageError, match="no lesson was started") as raised:
        open_practice(project, CommandLine(" --lab two", "./slipway"), "en")
    assert raised.value.next_step == "run: ./slipway lesson start tutorial --lab two"


def test_the_state_has_all_tasks(practice, file):
    file.write_text("4")
    practice.check(0)
    document = as_dict(practice)
    assert document["task"] == "write-sum" and document["namespace"] == "learn-demo"
    assert document["left_out"] == []
    states = [(one["task"], one["puzzle"], one["state"]) for one in document["tasks"]]
    assert states == [
        ("write-sum", False, "done"), ("log-it", False, "new"), ("sum-wrong", True, "new"),
    ]  # fmt: skip
    assert document["tasks"][0]["measured"] == "4"


def test_errors_of_the_practice_end_the_command():
    with pytest.raises(SlipwayError, match="no") as raised, reported_errors():
        raise PracticeError("no", "do this")
    assert raised.value.next_step == "do this"


def test_a_shell_reads_the_lines(practice):
    script = "\n".join([*shell_lines(practice.scene), 'echo "$KUBECONFIG"; command -v kubectl'])
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    environment = practice.scene.environment
    assert done.stdout.split() == [environment["KUBECONFIG"], environment["PATH"] + "/kubectl"]


def test_the_shell_of_a_page_is_set_up_after_a_lesson_was_started(project):
    environment = shell_environment(project)
    assert environment["SLIPWAY_LESSON"] == "" and environment["PATH"]


def test_the_shell_of_a_page_gets_the_lines_of_lesson_env(project, practice):
    environment = shell_environment(project)
    assert environment["SLIPWAY_LESSON"].splitlines() == list(shell_lines(practice.scene))
    assert environment["KUBECONFIG"] == practice.scene.environment["KUBECONFIG"]
    assert environment["LESSON"] == practice.scene.folder
