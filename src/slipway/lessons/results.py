"""The results of the lessons on a lab."""

from __future__ import annotations

from typing import Any

from slipway.lab.project import Project
from slipway.lessons.catalogue import lessons


def read_results(project: Project) -> dict[str, Any]:
    """Return the names of the lessons that passed, failed, and were not run on this lab yet."""
    found: dict[str, Any] = {"passed": [], "failed": [], "not_run": []}
    for lesson in lessons(project):
        evidence = lesson.evidence(project)
        state = "not_run" if not evidence else "passed" if evidence.get("passed") else "failed"
        found[state].append(lesson.name)
    return found
