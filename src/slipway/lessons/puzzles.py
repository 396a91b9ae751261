"""Find and list the puzzles of all lessons: faults to find and repair."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.padding import Padding
from rich.table import Table

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import lesson_folder
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Task, read_tasks
from slipway.errors import UsageError
from slipway.exit_codes import ExitCode
from slipway.lab.project import Project
from slipway.launcher import launcher
from slipway.lessons.catalogue import Lesson, folder, lessons
from slipway.lessons.desk import practice_folder
from slipway.lessons.task_words import WORDS
from slipway.output.console import result_console


def puzzles(project: Project) -> Iterator[tuple[Lesson, Task]]:
    """Yield all puzzles with their lessons."""
    for lesson in lessons(project):
        known = read_tasks(lesson_folder(folder(project), lesson.name)).puzzles
        yield from ((lesson, task) for task in known.values())


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


def list_puzzles(project: Project, language: str, as_json: bool) -> int:
    """Print all puzzles with their grades and states; return the exit code."""
    rows = []
    for lesson, task in puzzles(project):
        record = Record.load(practice_folder(project), lesson.name)
        state = record.of(task.name).state if task.name in record.tasks else "new"
        title = lesson.text(project, language).task(task.name).title
        rows.append(
            {
                "puzzle": task.name,
                "lesson": lesson.name,
                "grade": task.grade,
                "title": title,
                "state": state,
            }
        )
    if as_json:
        print(json.dumps({"puzzles": rows}, indent=2, ensure_ascii=False))
        return ExitCode.OK
    table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, header_style="dim")
    for heading in ("puzzle_name", "lesson", "grade", "title", "state"):
        table.add_column(WORDS[heading][language], overflow="fold")
    for row in rows:
        state = WORDS[str(row["state"])][language]
        table.add_row(
            str(row["puzzle"]), str(row["lesson"]), str(row["grade"]), str(row["title"]), state
        )
    result_console().print(Padding(table, (0, 0, 0, 1), expand=False))
    return ExitCode.OK
