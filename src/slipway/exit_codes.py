"""The exit codes of the command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes that every command uses with the same meaning."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNFIT = 3  # nothing was changed: the machine cannot run a lab, or the lab is busy or another account's
    NO_LAB = 4
    INTERRUPTED = 130
