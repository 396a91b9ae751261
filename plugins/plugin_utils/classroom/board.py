"""The board of a class: what each student did in each lesson."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.published import (
    place,
    published,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Tasks


def read_board(
    name: str,
    students: Iterable[Mapping[str, Any]],
    configmaps: Iterable[Mapping[str, Any]],
    lessons: Mapping[str, Tasks],
) -> list[dict[str, Any]]:
    """Return the students with their lessons and tasks.

    Args:
        name: Name of the class.
        students: The students, as :func:`students.students_of` returns them.
        configmaps: The published records of all students.
        lessons: Tasks by lesson. Records of other lessons are left out.
    """
    records = {one["metadata"]["name"]: published(one) for one in configmaps}
    board = []
    for student in students:
        known = records.get(place(name, student["namespace"])[1], {})
        rows = [_lesson(lesson, known[lesson], tasks.confined())
                for lesson, tasks in lessons.items() if lesson in known]  # fmt: skip
        board.append({"student": student["student"], "lessons": rows})
    return board


def _lesson(name: str, record: Record, tasks: Tasks) -> dict[str, Any]:
    rows = []
    for task in (*tasks.tasks, *tasks.puzzles):
        known = record.of(task)
        if task in tasks.puzzles and known.state == "new":
            continue
        rows.append(
            {
                "task": task,
                "puzzle": task in tasks.puzzles,
                "state": known.state,
                "began": known.began or None,
                "done": known.green or None,
                "checks": known.checked,
                "hints": known.hints,
                "predicted": known.predicted or None,
                "measured": known.measured or None,
            }
        )
    current = record.current if any(one["task"] == record.current for one in rows) else ""
    done = sum(one["state"] in ("done", "solved") for one in rows if not one["puzzle"])
    return {"lesson": name, "current": current, "done": done, "of": len(tasks.tasks), "tasks": rows}
