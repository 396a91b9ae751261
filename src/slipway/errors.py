"""The errors that end a command with a message instead of a traceback."""

from __future__ import annotations

from slipway.exit_codes import ExitCode


class SlipwayError(Exception):
    """The root of these errors.

    Args:
        message: What is wrong, and where.
        next_step: A command or an action that helps; empty when the message already names it.
    """

    kind = "failed"
    exit_code = ExitCode.FAILED

    def __init__(self, message: str, next_step: str = ""):
        super().__init__(message)
        self.next_step = next_step


class UsageError(SlipwayError):
    """The arguments, the configuration file or the environment are wrong."""

    kind = "usage"
    exit_code = ExitCode.USAGE


class LabNameError(UsageError):
    """A lab has a name that cannot be used for files and containers."""


class NoLabError(SlipwayError):
    """The command needs a lab, and the lab is not up."""

    kind = "no-lab"
    exit_code = ExitCode.NO_LAB
