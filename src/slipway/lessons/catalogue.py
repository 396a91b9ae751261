"""Find the lessons and the evidence of their last runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import (
    LessonText,
    lesson_folder,
    read_text,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import Tasks, read_tasks
from slipway.errors import UsageError
from slipway.lab.project import Project
from slipway.lab.yaml_file import read_yaml
from slipway.launcher import launcher


@dataclass(frozen=True)
class Lesson:
    """A lesson of the checkout: its name, and its playbook as ``ansible-playbook`` names it."""

    name: str
    playbook: str

    def text(self, project: Project, language: str) -> LessonText:
        """Return what people read about it."""
        return read_text(folder(project), self.name, language)

    def tasks(self, project: Project) -> Tasks:
        """Return its tasks and puzzles."""
        return read_tasks(lesson_folder(folder(project), self.name))

    def evidence(self, project: Project, suffix: str = "") -> dict[str, Any] | None:
        """Return what its last run left; ``None`` when it was never run on this lab.

        Args:
            project: The lab.
            suffix: Suffix of a partial run, as in playbooks/lessons/vars/lesson.yml.
        """
        try:
            content = json.loads(evidence_file(project, self.name, suffix).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return content if isinstance(content, dict) else None


def evidence_file(project: Project, name: str, suffix: str = "") -> Path:
    """Return where a lesson's evidence lies."""
    return project.state / "lessons" / f"{name}{suffix}.json"


def folder(project: Project) -> Path:
    """Return the folder of all lessons."""
    return project.root / "playbooks/lessons"


def lessons(project: Project) -> list[Lesson]:
    """Return all lessons, in the order of ``playbooks/lessons/catalogue.yml``."""
    names = read_yaml(folder(project) / "catalogue.yml")
    root = project.root / "playbooks"
    return [
        Lesson(name, str(lesson_folder(folder(project), name).relative_to(root) / "lesson"))
        for name in (names if isinstance(names, list) else [])
    ]


def choose(project: Project, names: tuple[str, ...]) -> list[Lesson]:
    """Return the lessons of these names; all of them for ``all``.

    Raises:
        UsageError: No lesson has such a name.
    """
    every = lessons(project)
    known = {lesson.name: lesson for lesson in every}
    for name in names:
        if name != "all" and name not in known:
            raise UsageError(f"Unknown lesson {name!r}. Run `{launcher()} lesson list`.")
    return every if "all" in names else [known[name] for name in dict.fromkeys(names)]
