"""The command line that starts Slipway, for advice that can be pasted."""

from __future__ import annotations

import os


def launcher() -> str:
    """Return the words with which the user started the command, such as ``./slipway``."""
    return os.environ.get("SLIPWAY_COMMAND", "slipway")
