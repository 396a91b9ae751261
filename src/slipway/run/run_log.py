"""The log file of a run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOGS_KEPT = 30
# The beginning of Ansible's own error message, when no task was started.
ERROR_LINE = re.compile(r"^\[ERROR\]|^ERROR!|: error: |^\[WARNING\]: Failed to parse inventory")
EXCERPT_LINES = 12


@contextmanager
def open_log(state: Path, command: str) -> Iterator[tuple[Path, IO[str]]]:
    """Create the log file of a run, and delete the oldest ones; yield its path and the open file.

    Args:
        state: State directory of the lab.
        command: Name of the command, which is a part of the file's name.
    """
    path = state / "logs" / f"{time.strftime('%Y-%m-%dT%H%M%S')}-{command}.log"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in sorted(path.parent.glob("*.log"))[:-LOGS_KEPT]:
        old.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8") as log:
        yield path, log


def error_excerpt(log: Path) -> list[str]:
    """Return the lines of a log that explain why Ansible stopped before the first task."""
    lines = log.read_text(encoding="utf-8").splitlines()
    first = next((n for n, line in enumerate(lines) if ERROR_LINE.search(line)), -EXCERPT_LINES)
    return lines[first:][:EXCERPT_LINES]
