"""The student's progress in a lesson."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import lesson_folder
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks
from slipway.lab.project import Project
from slipway.lessons.catalogue import folder
from slipway.lessons.practice_state import practice_folder


def tasks_done(project: Project, lesson: str) -> int:
    """Return the number of tasks of a lesson that the student has done; puzzles do not count."""
    tasks = read_tasks(lesson_folder(folder(project), lesson)).tasks
    record = Record.load(practice_folder(project), lesson)
    return sum(bool(known.green) for name, known in record.tasks.items() if name in tasks)
