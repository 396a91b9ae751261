"""Progress of long modules as JSON lines in a file, which the slipway command follows."""

from __future__ import annotations

import json
import os
import time


class Progress:
    """Append what happens now to ``path``; an empty path turns it off.

    A line is ``{"time": epoch seconds, "task": str, "step": int|null, "total": int|null, "message": str}``.
    A file that cannot be written never fails the work itself.
    """

    def __init__(self, path: str | None, task: str):
        self.path = path
        self.task = task

    def __call__(self, message: str, step: int | None = None, total: int | None = None) -> None:
        """Write one line."""
        if not self.path:
            return
        line = {
            "time": time.time(),
            "task": self.task,
            "step": step,
            "total": total,
            "message": message,
        }
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(json.dumps(line) + "\n")
        except OSError:
            self.path = None
