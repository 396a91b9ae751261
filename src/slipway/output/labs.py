"""The table of the labs on this machine."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from rich.padding import Padding
from rich.text import Text

from slipway.lab.format import gib
from slipway.output.console import create_table, result_console

STYLES = {"running": "green", "partial": "bold yellow", "stopped": "yellow", "remains": "red"}
AGES = ((86400, "d"), (3600, "h"), (60, "min"))


def show_labs(labs: Sequence[Mapping[str, Any]]) -> None:
    """Print the labs.

    Args:
        labs: As the module ``lab_info`` returns them.
    """
    console = result_console()
    if not labs:
        console.print(" no lab on this machine")
        return
    table = create_table("LAB", "STATE", "OWNER", "AGE", "MEMORY", "DISK", "NETWORK")
    now = time.time()
    for lab in labs:
        table.add_row(
            str(lab["name"]),
            Text(str(lab["state"]), STYLES[lab["state"]]),
            str(lab["owner"] or "unknown"),
            age(now - lab["created"]),
            gib(lab["memory"]),
            gib(lab["disk"]),
            str(lab["subnet"]),
        )
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def age(seconds: float) -> str:
    """Return ``3 d``, ``5 h``, ``12 min`` or ``8 s``."""
    for length, unit in AGES:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"
