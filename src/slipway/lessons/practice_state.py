"""The practice of a lab: its directory, and its state for programs."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Progress
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import (
    FILE,
    PracticeError,
    Scene,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from slipway.errors import SlipwayError, UsageError
from slipway.lab.project import Project
from slipway.launcher import CommandLine


def practice_folder(project: Project) -> Path:
    """Return the directory of scene and records, as playbooks/lessons/vars/practice.yml names it."""
    return project.state / "practice"


def is_started(project: Project) -> bool:
    """Return whether a lesson was started on the lab."""
    return (practice_folder(project) / FILE).exists()


def open_practice(project: Project, lines: CommandLine, language: str) -> Practice:
    """Return the practice of the lesson that was started.

    Args:
        project: The lab.
        lines: Writes command lines for the lab.
        language: Language of the texts.

    Raises:
        UsageError: No lesson was started.
    """
    if not is_started(project):
        raise UsageError("no lesson was started", f"run: {lines.of('lesson start tutorial')}")
    return Practice(practice_folder(project), language)


@contextlib.contextmanager
def reported_errors() -> Iterator[None]:
    """Turn errors of the practice into errors of the command."""
    try:
        yield
    except PracticeError as problem:
        raise SlipwayError(str(problem), problem.next_step) from problem


def as_dict(practice: Practice) -> dict[str, Any]:
    """Return the state of the practice for programs."""
    document: dict[str, Any] = {
        "lesson": practice.scene.lesson,
        "namespace": practice.scene.namespace,
        "task": practice.current,
        "title": practice.words().title,
        "left_out": list(practice.left_out),
        "tasks": [],
    }
    for name in practice.tasks.names():
        known = practice.record.tasks.get(name, Progress())
        document["tasks"].append(
            {
                "task": name,
                "puzzle": name in practice.tasks.puzzles,
                "state": known.state,
                "checked": known.checked,
                "hints": known.hints,
                "predicted": known.predicted or None,
                "measured": known.measured or None,
            }
        )
    return document


def shell_environment(project: Project) -> dict[str, str]:
    """Return the variables of a shell for src/slipway/course/shell.bash, set up if a lesson was started."""
    if scene := Scene.load(practice_folder(project)):
        return {**scene.environ(), "SLIPWAY_LESSON": "\n".join(shell_lines(scene))}
    return {**os.environ, "SLIPWAY_LESSON": ""}


def shell_lines(scene: Scene) -> Iterator[str]:
    """Yield the shell commands that set up the student's terminal."""
    environment = dict(scene.environment)
    yield f'export PATH={shlex.quote(environment.pop("PATH"))}:"$PATH"'
    for name, value in environment.items():
        yield f"export {name}={shlex.quote(value)}"
