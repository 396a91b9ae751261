"""Sizes as Minikube reads them."""

from __future__ import annotations

import re

UNLIMITED = "no-limit"
SIZE = re.compile(r"^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$", re.IGNORECASE)
UNIT_BYTES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def size_mb(text: str) -> int:
    """Return a size as Minikube reads it, in MiB: a bare number is MiB, units are binary.

    Raises:
        ValueError: The text is not a size.
    """
    match = SIZE.match(str(text).strip())
    if not match:
        raise ValueError(f"{text!r} is not a valid size")
    number, unit = float(match[1]), match[2].lower()
    if str(text).strip().isdigit():
        unit = "m"
    return int(number * UNIT_BYTES[unit]) >> 20
