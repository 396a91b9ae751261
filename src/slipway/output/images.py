"""The images of nodes as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

UNITS = ("B", "kB", "MB", "GB")


def show_images(images: Sequence[Mapping[str, Any]]) -> None:
    """Print images, one name on each line, with ID, size and nodes."""
    rows = [("NAME", "ID", "SIZE", "NODES")]
    for one in images:
        short = str(one["id"]).removeprefix("sha256:")[:12]
        for name in one["names"] or one["digests"] or ["<none>"]:
            rows.append((name, short, size(one["bytes"]), ", ".join(one["nodes"])))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)]
        print("   ".join([*cells, row[3]]))


def size(count: float) -> str:
    """Return a number of bytes for people, in powers of 1000."""
    for unit in UNITS[:-1]:
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} {UNITS[-1]}"
