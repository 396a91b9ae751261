"""List the puzzles of all lessons."""

from __future__ import annotations

import json

from rich.padding import Padding

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from slipway.exit_codes import ExitCode
from slipway.lab.project import Project
from slipway.lessons.practice_state import practice_folder
from slipway.lessons.puzzles import puzzles
from slipway.lessons.task_words import WORDS
from slipway.output.console import create_table, result_console


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
    headings = ("puzzle_name", "lesson", "grade", "title", "state")
    table = create_table(*(WORDS[heading][language] for heading in headings))
    for row in rows:
        state = WORDS[str(row["state"])][language]
        table.add_row(
            str(row["puzzle"]), str(row["lesson"]), str(row["grade"]), str(row["title"]), state
        )
    result_console().print(Padding(table, (0, 0, 0, 1), expand=False))
    return ExitCode.OK
