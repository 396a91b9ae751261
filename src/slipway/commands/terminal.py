"""Replace this process by a program that may need a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def has_terminal() -> bool:
    """Return whether a user can type, and sees the answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def become(command: Sequence[str]) -> NoReturn:
    """Run a command in the place of this process, so that signals and the exit code are its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execvp(command[0], list(command))
