"""The JSON Schemas of the documents that commands print with ``--json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# In the order of docs/cli.md.
NAMES = (
    "run",
    "status",
    "labs",
    "pages",
    "images",
    "doctor",
    "lessons",
    "lesson-list",
    "practice",
    "puzzles",
    "classes",
    "class",
    "report",
    "env",
    "error",
)


def schema(name: str) -> dict[str, Any]:
    """Return a schema.

    Args:
        name: One of ``NAMES``.
    """
    content: dict[str, Any] = json.loads(
        Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    )
    return content
