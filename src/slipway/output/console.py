"""Consoles, and the signs and colours of states."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from rich.console import Console

from slipway.lab.phases import FAILED, OK, RUNNING, WAITING

if TYPE_CHECKING:
    from rich.table import Table

MAX_WIDTH = 100

STYLES = {OK: "green", FAILED: "bold red", RUNNING: "cyan", WAITING: "dim"}
SIGNS = {OK: "✓", FAILED: "✗", WAITING: "·", RUNNING: "…"}
ASCII_SIGNS = {OK: "ok", FAILED: "!!", WAITING: ".", RUNNING: ".."}


def error_console() -> Console:
    """Return the console for people: standard error, no wider than is easy to read."""
    return _console(sys.stderr.isatty(), stderr=True)


def result_console() -> Console:
    """Return the console for results: standard output."""
    return _console(sys.stdout.isatty(), stderr=False)


def is_live(console: Console, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether lines of the console can be redrawn, and a user watches it."""
    return console.is_terminal and environ.get("TERM") != "dumb" and not environ.get("CI")


def signs(console: Console) -> dict[str, str]:
    """Return the signs of states in characters that the console can encode."""
    return SIGNS if "utf" in console.encoding.lower() else ASCII_SIGNS


def create_table(*headings: str, right: Collection[str] = (), gap: int = 3) -> Table:
    """Return an empty table whose cells are folded when they are too long.

    Args:
        *headings: The headings of the columns.
        right: Those whose cells are aligned right.
        gap: Spaces between columns.
    """
    from rich.table import Table  # commands that print no table start without it

    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="dim")
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading in right else "left")
    return table


def _console(terminal: bool, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, soft_wrap=False)
    console.width = min(console.width, MAX_WIDTH) if terminal else MAX_WIDTH
    return console
