"""The student's progress in a lesson."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import LessonText
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from slipway.lab.project import Project
from slipway.lessons.practice_state import practice_folder


def tasks_done(project: Project, lesson: str, text: LessonText) -> int:
    """Return the number of tasks of a lesson that the student has done; puzzles do not count."""
    record = Record.load(practice_folder(project), lesson)
    names = {task.id for task in text.tasks}
    return sum(bool(known.green) for name, known in record.tasks.items() if name in names)
