"""Command lines of Slipway, for advice that can be pasted."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


def launcher() -> str:
    """Return the words with which the user started the command, such as ``./slipway``."""
    return os.environ.get("SLIPWAY_COMMAND", "slipway")


@dataclass(frozen=True)
class CommandLine:
    """Writes command lines for the user's lab.

    Attributes:
        flags: Flags that choose the lab, with a blank before; empty for the default lab.
        launcher: How the user calls slipway.
    """

    flags: str = ""
    launcher: str = field(default_factory=launcher)

    def of(self, command: str, rest: str = "") -> str:
        """Return the line that runs a command on the user's lab.

        Args:
            command: The command, with arguments that may stand before the flags.
            rest: Arguments that follow the flags.
        """
        return f"{self.launcher} {command}{self.flags} {rest}".rstrip()

    def filled(self, text: str) -> str:
        """Return an advice with the command lines for ``{up}`` and ``{doctor}``."""
        return text.format(up=self.of("up"), doctor=self.of("doctor"))
