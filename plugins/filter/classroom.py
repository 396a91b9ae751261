"""Filters for classes on a lab (playbooks/lessons/class)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.board import read_board
from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.credentials import (
    file_content,
    forwarded,
    read_file,
    student_file,
    student_kubeconfig,
    token_of,
    unserved,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.results import as_csv, as_junit
from ansible_collections.slipway.lab.plugins.plugin_utils.classroom.students import (
    ClassError,
    classes,
    plan_students,
    students_of,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import read_tasks

DOCUMENTATION = r"""
name: classroom
short_description: Filters for classes on a lab
description:
  - C(class_plan) returns the students of a class with namespace and node port. C(class_students) returns those that
    exist, and C(class_list) the classes of a lab.
  - C(class_images) returns the names of the images that lessons need.
  - C(class_unserved) returns the students whose file has no token that still works. C(class_files) returns these files.
  - C(class_forwarded) changes a kubeconfig for an API server that is forwarded to loopback.
  - C(class_board) returns what the students did. C(class_csv) and C(class_junit) write it as text.
"""


def class_plan(
    namespaces: Sequence[Mapping[str, Any]], name: str, number: int, ports: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the students of a class, with new ones up to a number.

    Raises:
        AnsibleFilterError: The class cannot be made.
    """
    try:
        return plan_students(namespaces, name, int(number), [int(port) for port in ports])
    except ClassError as problem:
        raise AnsibleFilterError(str(problem)) from problem


def class_images(folders: Mapping[str, str], lessons: Iterable[str]) -> list[str]:
    """Return the names of the images that lessons need.

    Args:
        folders: Folders by lesson.
        lessons: The lessons.

    Raises:
        AnsibleFilterError: A lesson is unknown, or its tasks need the whole lab.
    """
    images: dict[str, None] = {}
    for lesson in lessons:
        tasks = read_tasks(Path(folders[lesson])) if lesson in folders else None
        if tasks is None or not tasks.confined().tasks:
            raise AnsibleFilterError(
                f"class_lessons: {lesson} is not a valid lesson, or its tasks need the whole lab"
            )
        images |= dict.fromkeys(tasks.images)
    return list(images)


def class_unserved(
    students: Iterable[Mapping[str, Any]],
    folder: str,
    accounts: Iterable[Mapping[str, Any]],
    now: float,
) -> list[Mapping[str, Any]]:
    """Return the students whose file in a directory is missing, or has no token that still works."""
    return unserved(students, Path(folder), accounts, float(now))


def class_files(
    students: Iterable[Mapping[str, Any]],
    tokens: Iterable[Mapping[str, Any]],
    folder: str,
    admin: Mapping[str, Any],
    common: Mapping[str, Any],
) -> list[dict[str, str]]:
    """Return the files of students, as the module ``host_files`` takes them.

    Args:
        students: The students. Those without a new token keep the one of their file.
        tokens: Results of a task: the student as ``item``, and the new token as ``stdout``.
        folder: Directory of the files.
        admin: The kubeconfig of the lab.
        common: What is the same for all students of the class.
    """
    new = {one["item"]["student"]: str(one["stdout"]).strip() for one in tokens}
    files = []
    for student in students:
        path = student_file(Path(folder), student)
        token = new.get(student["student"]) or token_of(read_file(path).get("kubeconfig"))
        kubeconfig = student_kubeconfig(admin, token, common["class"], student)
        content = json.dumps(file_content(student, kubeconfig, common), indent=1)
        files.append({"path": str(path), "mode": "0600", "content": content + "\n"})
    return files


def class_board(
    namespaces: Sequence[Mapping[str, Any]],
    name: str,
    configmaps: Iterable[Mapping[str, Any]],
    lessons: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return what the students of a class did.

    Args:
        namespaces: The namespaces of the class.
        name: Name of the class.
        configmaps: The published records.
        lessons: Folders by lesson.
    """
    tasks = {lesson: read_tasks(Path(folder)) for lesson, folder in lessons.items()}
    return read_board(name, students_of(namespaces, name), configmaps, tasks)


def class_csv(board: Iterable[Mapping[str, Any]], name: str) -> str:
    """Return a board as CSV."""
    return as_csv(name, board)


def class_junit(board: Iterable[Mapping[str, Any]], name: str) -> str:
    """Return a board as JUnit XML."""
    return as_junit(name, board)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {
            "class_plan": class_plan,
            "class_students": students_of,
            "class_list": classes,
            "class_images": class_images,
            "class_unserved": class_unserved,
            "class_files": class_files,
            "class_forwarded": forwarded,
            "class_board": class_board,
            "class_csv": class_csv,
            "class_junit": class_junit,
        }
