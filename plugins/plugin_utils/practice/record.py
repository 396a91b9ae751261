"""The student's record of a lesson: predictions, checks, hints and solutions."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Progress:
    """The student's progress in a task.

    Args:
        began: When the task was shown first, in seconds since 1970.
        green: When all checks passed; 0 before.
        checked: Number of checks.
        hints: Number of hints that were shown.
        solved: Whether the solution was run for the student.
        predicted: The student's answer to the question.
        measured: The measured answer.
    """

    began: float = 0
    green: float = 0
    checked: int = 0
    hints: int = 0
    solved: bool = False
    predicted: str = ""
    measured: str = ""

    @property
    def state(self) -> str:
        """Return ``done``, ``solved`` (with the solution), ``open`` or ``new``."""
        if self.green:
            return "solved" if self.solved else "done"
        return "open" if self.began else "new"


@dataclass
class Record:
    """The record of one lesson on one lab.

    Args:
        path: Its file.
        current: The task that the student works on.
        tasks: Progress by task.
    """

    path: Path
    current: str = ""
    tasks: dict[str, Progress] = field(default_factory=dict)

    @classmethod
    def load(cls, state: Path, lesson: str) -> Record:
        """Read the record of a lesson; an empty one when there is none."""
        record = cls(state / f"{lesson}.json")
        try:
            content: dict[str, Any] = json.loads(record.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return record
        record.current = content["current"]
        record.tasks = {name: Progress(**one) for name, one in content["tasks"].items()}
        return record

    def of(self, task: str) -> Progress:
        """Return the progress of a task."""
        return self.tasks.setdefault(task, Progress())

    def begin(self, task: str) -> None:
        """Make a task the current one."""
        self.current = task
        progress = self.of(task)
        progress.began = progress.began or time.time()
        self.save()

    def save(self) -> None:
        """Write the file in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {"current": self.current, "tasks": {n: asdict(p) for n, p in self.tasks.items()}}
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        temporary.replace(self.path)
