"""The student's record of a lesson: predictions, checks, hints and solutions."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

TYPES = {"float": (float, int), "int": (int,), "bool": (bool,), "str": (str,)}


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

    @classmethod
    def read(cls, content: dict[str, Any]) -> Progress:
        """Return the progress that a file contains.

        Raises:
            TypeError: A value has another type, or an unknown name.
        """
        progress = cls(**content)
        for one in fields(cls):
            if not isinstance(getattr(progress, one.name), TYPES[str(one.type)]):
                raise TypeError(f"{one.name}: {getattr(progress, one.name)!r}")
        return progress

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
        path = state / f"{lesson}.json"
        try:
            return cls.parse(path, path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return cls(path)

    @classmethod
    def parse(cls, path: Path, text: str) -> Record:
        """Return the record that a text contains.

        Args:
            path: Its file.
            text: Content of the file.

        Raises:
            ValueError: The text is not a record.
        """
        try:
            content: dict[str, Any] = json.loads(text)
            tasks = {name: Progress.read(one) for name, one in content["tasks"].items()}
            return cls(path, str(content["current"]), tasks)
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(f"not a record: {problem}") from problem

    def of(self, task: str) -> Progress:
        """Return the progress of a task."""
        return self.tasks.setdefault(task, Progress())

    def begin(self, task: str) -> None:
        """Make a task the current one."""
        self.current = task
        progress = self.of(task)
        progress.began = progress.began or time.time()
        self.save()

    def text(self, indent: int | None = None) -> str:
        """Return the record as JSON."""
        content = {"current": self.current, "tasks": {n: asdict(p) for n, p in self.tasks.items()}}
        return json.dumps(content, indent=indent, ensure_ascii=False)

    def save(self) -> None:
        """Write the file in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = self.path.with_suffix(".new")
        temporary.write_text(self.text(indent=1), encoding="utf-8")
        temporary.replace(self.path)
