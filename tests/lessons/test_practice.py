"""Students do each lesson: every task is red, stays red after mistakes, and is green after its solution."""

import json
import os
import subprocess

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import lesson_folder
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks
from slipway.lab.project import locate
from slipway.lessons.catalogue import folder, lessons

FOLDER = folder(locate())
TASKS = {one.name: read_tasks(lesson_folder(FOLDER, one.name)) for one in lessons(locate())}
LESSONS = [name for name, tasks in TASKS.items() if tasks.tasks]


@pytest.fixture
def lab(slipway, name):
    """The lab with the services that the tasks need."""
    if services := TASKS[name].services:
        slipway.json("up", "--with", ",".join(services))
    return slipway


@pytest.mark.parametrize("name", LESSONS)
def test_every_task_behaves_as_declared_and_leaves_nothing(name, lab):
    before = lab.run("kubectl", "get", "namespaces", "-o", "name").stdout
    lab.json("lesson", "start", name)
    try:
        rehearsed = json.loads(lab.run("lesson", "test", "--json").stdout)["rehearsed"]
    finally:
        lab.run("lesson", "end")
    assert {one["task"]: one["problems"] for one in rehearsed if one["problems"]} == {}
    assert len(rehearsed) == len(TASKS[name].tasks) + len(TASKS[name].puzzles)
    assert lab.run("kubectl", "get", "namespaces", "-o", "name").stdout == before


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_student_types_the_tutorial_into_a_shell(slipway, language):
    """Red, hint, green by typing, the solution, a reset and the record, as in a terminal."""
    slipway.json("lesson", "start", "tutorial", "--restart", "--lang", language)

    def typed(text):
        """Type into a shell that the lesson has set up."""
        script = f'set -e; eval "$({slipway.root}/slipway lesson env)"; {text}'
        environment = {**os.environ, **slipway.environment}
        subprocess.run(["bash", "-c", script], env=environment, check=True, capture_output=True)

    def run(*words):
        return slipway.run("lesson", *words, "--lang", language)

    try:
        for number, task in enumerate(TASKS["tutorial"].tasks.values()):
            shown = json.loads(run("progress", "--json").stdout)
            assert shown["task"] == task.name
            assert run("check", "--wait", "0").returncode == 1, task.name
            assert run("hint").stdout.strip()
            if number % 3 == 2:
                assert run("reset").returncode == 0
                assert run("solve").returncode == 0, task.name
            else:
                solution = json.loads(run("solve", "--show", "--json").stdout)["solution"]
                typed("\n".join(command["run"] for command in solution))
                assert run("check", "--wait", "60").returncode == 0, task.name
            run("next")
        states = json.loads(run("progress", "--json").stdout)["tasks"]
        assert [one["state"] for one in states if not one["puzzle"]] == [
            "solved" if number % 3 == 2 else "done"
            for number in range(len(TASKS["tutorial"].tasks))
        ]
    finally:
        assert run("end").returncode == 0
