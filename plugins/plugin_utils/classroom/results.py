"""The results of a class as CSV, and as JUnit XML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

COLUMNS = (
    "class", "student", "lesson", "task", "puzzle", "state", "began", "done", "seconds", "checks", "hints", "predicted",
    "measured",
)  # fmt: skip
# A cell that begins with one of these is a formula for spreadsheets.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(name: str, board: Iterable[Mapping[str, Any]]) -> str:
    """Return a line for each task of each student.

    Args:
        name: Name of the class.
        board: The board, as :func:`board.read_board` returns it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for student, lesson, task in _tasks(board):
        known = {**task, "class": name, "student": student, "lesson": lesson}
        known |= {key: _time(task[key]) for key in ("began", "done")}
        known |= {"puzzle": "yes" if task["puzzle"] else "no", "seconds": _seconds(task) or ""}
        writer.writerow([_cell(known[column]) for column in COLUMNS])
    return text.getvalue()


def as_junit(name: str, board: Iterable[Mapping[str, Any]]) -> str:
    """Return a suite for each student and lesson, and a case for each task. What was not done is skipped, not failed.

    Args:
        name: Name of the class.
        board: The board.
    """
    suites = ElementTree.Element("testsuites", name=f"class {name}")
    for student in board:
        for lesson in student["lessons"]:
            where = f"{student['student']}.{lesson['lesson']}"
            tasks = lesson["tasks"]
            missing = [one for one in tasks if not one["done"]]
            suite = ElementTree.SubElement(
                suites, "testsuite", name=where, tests=str(len(tasks)), failures="0", skipped=str(len(missing)),
            )  # fmt: skip
            for task in tasks:
                case = ElementTree.SubElement(
                    suite, "testcase", classname=where, name=task["task"], time=str(_seconds(task)),
                )  # fmt: skip
                if not task["done"]:
                    ElementTree.SubElement(case, "skipped", message=task["state"])
                elif task["state"] == "solved":
                    ElementTree.SubElement(case, "system-out").text = "with the solution"
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _tasks(board: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for student in board:
        for lesson in student["lessons"]:
            for task in lesson["tasks"]:
                yield student["student"], lesson["lesson"], task


def _seconds(task: Mapping[str, Any]) -> int:
    return round(task["done"] - task["began"]) if task["done"] and task["began"] else 0


def _time(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
