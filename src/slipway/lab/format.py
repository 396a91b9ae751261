"""Numbers and lists in words, the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def duration(seconds: float) -> str:
    """Return ``9 s``, ``1:02`` or ``1:02:03``."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``1 task`` or ``3 tasks``."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def plain(text: str) -> str:
    """Return the text without terminal escapes and carriage returns."""
    return _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def short_path(path: Path | str) -> str:
    """Return the path with ``~`` for the home directory."""
    try:
        return f"~/{Path(path).relative_to(Path.home())}"
    except ValueError:
        return str(path)


def gib(size: float) -> str:
    """Return bytes as ``5.2 GiB``."""
    return f"{size / 2**30:.1f} GiB"
