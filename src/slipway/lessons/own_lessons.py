"""Lessons outside the checkout: any directory or Git repository with tasks and texts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ansible_collections.slipway.lab.plugins.plugin_utils.lesson_text import lesson_folder
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.lint import lint_lesson
from slipway.errors import UsageError
from slipway.lab.project import Project
from slipway.launcher import launcher
from slipway.lessons.catalogue import choose, folder

TEMPLATE = Path(__file__).parent / "template"
# The name of a lesson becomes part of a namespace.
NAME = re.compile(r"[a-z]([a-z0-9-]{0,40}[a-z0-9])?")
# An address of Git, and after # a branch, a tag or a commit.
ADDRESS = re.compile(r"(?P<repository>(?:[a-z+]+://|[\w.-]+@[\w.-]+:)[^#]+)(?:#(?P<version>.+))?")


def is_directory(name: str) -> bool:
    """Return whether a name is a path, and not the name of a lesson of the catalogue."""
    return "/" in name or name in (".", "..")


def lesson_name(directory: Path) -> str:
    """Return the name of the lesson in a directory.

    Raises:
        UsageError: The directory has a name that cannot be used for a namespace.
    """
    name = directory.name.replace("_", "-")
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{directory}: a lesson's directory has a name of small letters, digits and hyphens",
            "rename it",
        )
    return name


def find_folder(project: Project, name: str) -> Path:
    """Return the directory of a lesson.

    Args:
        project: The lab.
        name: A lesson of the catalogue, or a path.

    Raises:
        UsageError: No lesson has the name, or the path is not a directory.
    """
    if not is_directory(name):
        (lesson,) = choose(project, (name,))
        return lesson_folder(folder(project), lesson.name)
    directory = Path(name).resolve()
    if not directory.is_dir():
        raise UsageError(f"{name} is not a directory", f"run: {launcher()} lesson new {name}")
    lesson_name(directory)
    return directory


def scene_variables(project: Project, name: str) -> dict[str, str]:
    """Return the variables with which the playbooks find a lesson.

    Args:
        project: The lab.
        name: A lesson of the catalogue, a path, or the address of a Git repository.

    Raises:
        UsageError: No lesson has the name, or it cannot be used for a namespace.
    """
    if match := ADDRESS.fullmatch(name):
        directory = Path(match["repository"].rstrip("/").removesuffix(".git"))
        found = {"lesson_name": lesson_name(directory), "practice_repository": match["repository"]}
        return found | ({"practice_version": match["version"]} if match["version"] else {})
    directory = find_folder(project, name)
    if is_directory(name):
        return {"lesson_name": lesson_name(directory), "practice_folder": str(directory)}
    return {"lesson_name": name}


def lint_folder(project: Project, name: str) -> list[str]:
    """Return what is wrong with the tasks of a lesson.

    Raises:
        UsageError: As for :func:`find_folder`.
    """
    return lint_lesson(find_folder(project, name))


def write_template(directory: Path) -> None:
    """Write a lesson that works as it stands.

    Raises:
        UsageError: The directory exists, or has a name that cannot be used.
    """
    lesson_name(directory.resolve())
    if directory.exists():
        raise UsageError(f"{directory} exists; nothing was changed", "choose another name")
    shutil.copytree(TEMPLATE, directory)
