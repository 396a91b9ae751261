"""The tasks of roles and playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PARTS = ("tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always")


def tasks_of(content: Any) -> Iterator[dict]:
    """Yield all plays and tasks of a document, blocks opened. A document without tasks has none."""
    for task in content if isinstance(content, list) else []:
        if isinstance(task, dict):
            yield task
            for part in PARTS:
                yield from tasks_of(task.get(part))
