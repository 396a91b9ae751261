"""The evidence of a lesson: one JSON file with its steps, claims and measurements.

It is rewritten after each of them, so an interrupted run leaves its results so far.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NOT_REACHED = "not reached"


class Evidence:
    """The evidence file of one run of a lesson.

    Args:
        path: The file.
    """

    def __init__(self, path: Path):
        self.path = path
        self.data: dict[str, Any] = {}

    @classmethod
    def load(cls, path: Path) -> Evidence:
        """Read an evidence file."""
        evidence = cls(path)
        evidence.data = json.loads(path.read_text(encoding="utf-8"))
        return evidence

    def begin(self, lesson: str, **facts: Any) -> None:
        """Start a new record.

        Args:
            lesson: Name of the lesson.
            facts: Other facts about the run.
        """
        self.data = {
            "lesson": lesson,
            "passed": False,
            **facts,
            "machine": machine(),
            "began": time.time(),
            "seconds": None,
            "error": None,
            "steps": [],
            "claims": [],
            "evidence": [],
        }
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.save()

    def add(self, kind: str, /, **entry: Any) -> dict[str, Any]:
        """Add a step, a claim or a measurement, with its time, and the step that it belongs to."""
        steps = self.data["steps"]
        if kind != "steps":
            entry["step"] = steps[-1]["id"] if steps else None
        entry["at"] = round(time.time() - self.data["began"], 3)
        self.data[kind].append(entry)
        self.save()
        return entry

    def end(self, claims: Iterable[str], partial: bool) -> list[dict[str, Any]]:
        """Close the run; return the claims that did not hold.

        Args:
            claims: All claims of the lesson. A claim that was not reached does not hold.
            partial: Whether only some of them were checked.
        """
        known = {claim["name"] for claim in self.data["claims"]}
        for name in claims:
            if name not in known and not partial:
                self.add("claims", name=name, passed=False, figure=None, unit="", expected="",
                         seen=NOT_REACHED)  # fmt: skip
        failed = [claim for claim in self.data["claims"] if claim["passed"] is False]
        held = [claim for claim in self.data["claims"] if claim["passed"]]
        self.data["seconds"] = round(time.time() - self.data["began"], 1)
        self.data["passed"] = not failed and not self.data["error"] and bool(held)
        self.save()
        return failed

    def save(self) -> None:
        """Write the file, in one step."""
        temporary = self.path.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(self.data, stream, indent=1, ensure_ascii=False)
        temporary.replace(self.path)


def machine() -> dict[str, Any]:
    """Return what figures depend on: the control machine, which carries the lab."""
    with open("/proc/meminfo", encoding="ascii") as stream:
        kibibytes = int(stream.readline().split()[1])
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(kibibytes / 2**20, 1),
        "kernel": platform.release(),
        "architecture": platform.machine(),
    }
