"""The board of a class in a terminal: what each student did, read from the cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.board import read_board
from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.students import (
    LABEL,
    accounts_namespace,
    classes,
    students_of,
)
from slipway.errors import UsageError
from slipway.lab.cluster import read_objects
from slipway.lab.phases import OK, RUNNING, WAITING
from slipway.lab.project import Project
from slipway.lessons.catalogue import lessons
from slipway.output.console import create_table, signs

PAUSE = 2.0
STYLES = {"done": (OK, "green"), "open": (RUNNING, "cyan"), "new": (WAITING, "dim")}
# With the solution. Not every terminal has colours, so it has a sign of its own.
SOLVED = ("*", "yellow")


def read_classes(project: Project) -> list[dict[str, Any]]:
    """Return the classes of a lab.

    Raises:
        ClusterError: The cluster did not answer.
    """
    return classes(read_objects(project, "namespaces", "--selector", LABEL))


def read_class(project: Project, name: str) -> dict[str, Any]:
    """Return what the students of a class did.

    Raises:
        ClusterError: The cluster did not answer.
        UsageError: There is no such class.
    """
    namespaces = read_objects(project, "namespaces", "--selector", LABEL)
    known = [one["class"] for one in classes(namespaces)]
    if name not in known:
        raise UsageError(
            f"there is no class {name!r} on this lab; classes: {', '.join(known) or 'none'}"
        )
    selector = f"{LABEL}={name}"
    records = read_objects(
        project, "configmaps", "--namespace", accounts_namespace(name), "--selector", selector
    )
    tasks = {one.name: one.tasks(project) for one in lessons(project)}
    return {
        "class": name,
        "students": read_board(name, students_of(namespaces, name), records, tasks),
    }


def show_classes(console: Console, found: Sequence[Mapping[str, Any]]) -> None:
    """Print the classes of a lab."""
    if not found:
        console.print(" no class on this lab")
        return
    table = create_table("CLASS", "STUDENTS", "CREATED", gap=2)
    for one in found:
        table.add_row(one["class"], str(one["students"]), one["created"])
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def show_class(console: Console, board: Mapping[str, Any]) -> None:
    """Print the board of a class."""
    console.print(render(console, board))


def watch_class(console: Console, project: Project, name: str) -> None:
    """Print the board of a class repeatedly, until Ctrl-C."""
    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(render(console, read_class(project, name)), refresh=True)
            time.sleep(PAUSE)


def render(console: Console, board: Mapping[str, Any]) -> Group:
    """Return the board: a line for each student and lesson, and a sign for each task."""
    table = create_table("STUDENT", "LESSON", "DONE", "TASKS", "NOW", "CHECKS", "HINTS", gap=2)
    known = signs(console)
    for student in board["students"]:
        for row in _rows(student, known):
            table.add_row(*row)
    words = {"done": "done", "solved": "with the solution", "open": "begun", "new": "not begun"}
    legend = Text(" ", "dim")
    for state, about in words.items():
        legend.append_text(_mark(state, known)).append(f" {about}  ", "dim")
    return Group(Padding(table, (0, 0, 0, 1), expand=False), legend)


def _rows(student: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[tuple[str | Text, ...]]:
    if not student["lessons"]:
        yield (student["student"], Text("-", "dim"), "", "", "", "", "")
    for number, lesson in enumerate(student["lessons"]):
        marks = Text()
        for task in lesson["tasks"]:
            marks.append_text(_mark(task["state"], known))
        now = next((one for one in lesson["tasks"] if one["task"] == lesson["current"]), None)
        yield (
            "" if number else student["student"],
            lesson["lesson"],
            f"{lesson['done']}/{lesson['of']}",
            marks,
            lesson["current"],
            str(now["checks"]) if now else "",
            str(now["hints"]) if now else "",
        )


def _mark(state: str, known: Mapping[str, str]) -> Text:
    if state == "solved":
        return Text(*SOLVED)
    sign, style = STYLES[state]
    return Text(known[sign], style)
