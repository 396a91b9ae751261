"""Run a program that may need a terminal, in the place of this process or below it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from slipway.lab import processes


def has_terminal() -> bool:
    """Return whether a user can type, and sees the answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def become(command: Sequence[str], environment: Mapping[str, str] | None = None) -> NoReturn:
    """Run a command in the place of this process, so that signals and the exit code are its own.

    Args:
        command: The command.
        environment: Variables that it gets besides those of this process.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.execvpe(command[0], list(command), {**os.environ, **(environment or {})})


def run_reading_errors(command: Sequence[str]) -> tuple[int, str]:
    """Run a command, pass its errors on, and return its exit code with the end of its errors."""
    child = subprocess.Popen(command, stderr=subprocess.PIPE)
    said = b""
    with processes.signals(lambda *_: None, (signal.SIGINT,)):  # Ctrl-C is for the program
        assert child.stderr is not None
        while block := os.read(child.stderr.fileno(), 4096):
            os.write(sys.stderr.fileno(), block)
            said = (said + block)[-4096:]
        return child.wait(), said.decode(errors="replace")
