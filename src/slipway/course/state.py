"""The state of the practice for the course pages: all records, and the checks of the current task."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import check_task
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from slipway.lab.project import Project
from slipway.launcher import CommandLine
from slipway.lessons.catalogue import lessons
from slipway.lessons.practice_state import is_started, open_practice, practice_folder


def read_state(project: Project, lines: CommandLine) -> dict[str, Any]:
    """Return the states of all tasks, and the outcome of the current task now.

    A look changes nothing: only `lesson check` records that a task is done.
    """
    records = {
        lesson.name: Record.load(practice_folder(project), lesson.name)
        for lesson in lessons(project)
    }
    state: dict[str, Any] = {
        "lesson": None,
        "task": None,
        "checks": [],
        "lessons": {
            name: {"tasks": {task: known.state for task, known in record.tasks.items()}}
            for name, record in records.items()
        },
    }
    if is_started(project):
        practice = open_practice(project, lines, "en")
        results = check_task(practice.scene, practice.task())
        state |= {"lesson": practice.scene.lesson, "task": practice.current}
        state["checks"] = [
            {"name": one.name, "passed": one.passed, "seen": one.seen} for one in results
        ]
    return state
