"""The table of snapshots, and one of them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slipway.lab.format import gib
from slipway.output.console import create_table, result_console
from slipway.output.labs import age


def show_snapshots(snapshots: Sequence[Mapping[str, Any]]) -> None:
    """Print the snapshots.

    Args:
        snapshots: As the module ``lab_snapshot_info`` returns them.
    """
    console = result_console()
    if not snapshots:
        console.print(" no snapshot")
        return
    table = create_table("SNAPSHOT", "LAB", "AGE", "SIZE", "NETWORK", "PROBLEM")
    now = time.time()
    for one in snapshots:
        if one["problem"]:
            table.add_row(one["name"], "", "", "", "", Text(one["problem"], "red"))
        else:
            table.add_row(
                one["name"], one["lab"], age(now - one["created"]), gib(one["size"]), one["subnet"]
            )
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def show_snapshot(snapshot: Mapping[str, Any]) -> None:
    """Print one snapshot with its parts.

    Args:
        snapshot: As the module ``lab_snapshot_info`` returns it.
    """
    console = result_console()
    if snapshot["problem"]:
        console.print(Text(f" {snapshot['problem']}", "red"))
        return
    saved = time.strftime("%Y-%m-%d %H:%M", time.localtime(snapshot["created"]))
    rows = [
        ("snapshot", snapshot["name"]),
        ("lab", f"{snapshot['lab']}, network {snapshot['subnet'] or 'none'}"),
        ("saved", f"{saved} by {snapshot['owner']} on {snapshot['architecture']}"),
        ("size", f"{gib(snapshot['size'])}, restored {gib(snapshot['content'])}"),
        ("files", f"{snapshot['path']} (with private keys)"),
        *(("part", f"{name}  {gib(size)}") for name, size in snapshot["parts"].items()),
    ]
    table = Table.grid(padding=(0, 3, 0, 0))
    for name, value in rows:
        table.add_row(Text(name, "dim"), value)
    console.print(Padding(table, (0, 0, 0, 1), expand=False))
