"""Find the puzzles of all lessons: faults to find and repair."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Task
from slipway.errors import UsageError
from slipway.lab.project import Project
from slipway.launcher import launcher
from slipway.lessons.catalogue import Lesson, lessons
from slipway.lessons.practice_state import practice_folder


def puzzles(project: Project) -> Iterator[tuple[Lesson, Task]]:
    """Yield all puzzles with their lessons."""
    for lesson in lessons(project):
        yield from ((lesson, task) for task in lesson.tasks(project).puzzles.values())


def find_puzzle(project: Project, name: str) -> tuple[str, str]:
    """Return lesson and name of a puzzle.

    Args:
        project: The lab.
        name: A puzzle, or a lesson for its next puzzle that is not solved.

    Raises:
        UsageError: Nothing has the name.
    """
    every = list(puzzles(project))
    of_lesson = [task.name for lesson, task in every if lesson.name == name]
    if of_lesson:
        record = Record.load(practice_folder(project), name)
        left = [one for one in of_lesson if one not in record.tasks or not record.of(one).green]
        return name, (left or of_lesson)[0]
    for lesson, task in every:
        if task.name == name:
            return lesson.name, name
    raise UsageError(f"Unknown puzzle {name!r}. Run `{launcher()} lesson break`.")
