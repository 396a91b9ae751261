"""Filters for the practice of a lesson (playbooks/lessons/practice)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ansible.errors import AnsibleFilterError

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    TasksError,
    read_tasks,
)

DOCUMENTATION = r"""
name: practice
short_description: Filters for the practice of a lesson
description:
  - C(practice_refusal) returns why a student cannot do a task of a lesson, or none of its tasks. It is empty otherwise.
"""


def practice_refusal(folder: str, offers: Sequence[str], task: str = "") -> str:
    """Return why a student cannot do a task of a lesson, or none of its tasks; empty otherwise.

    Args:
        folder: The lesson's folder.
        offers: What the lab has of what tasks may need.
        task: The task or puzzle to begin with.

    Raises:
        AnsibleFilterError: The file of the tasks is wrong.
    """
    try:
        every = read_tasks(Path(folder))
    except TasksError as problem:
        raise AnsibleFilterError(str(problem)) from problem
    asked = [task] if task in every.names() else list(every.tasks)
    possible = every.confined(offers).names()
    if not asked or any(name in possible for name in asked):
        return ""
    need, next_step = every.obstacle(asked, offers)
    return f"tasks that need {need} ({', '.join(asked)}): {next_step}"


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return the filters by name."""
        return {"practice_refusal": practice_refusal}
