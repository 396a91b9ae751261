"""The command that the user needs next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def next_step(status: Mapping[str, Any], launcher: str, flags: str = "") -> str:
    """Return the next command for a lab.

    Args:
        status: The status, with namespaces and lessons.
        launcher: How the user calls slipway.
        flags: Flags that choose the lab, with a blank before.
    """
    for entry in status["namespaces"]:
        for pod in entry["troubled"]:
            target = f"pod {pod['name']} --namespace {entry['namespace']}"
            return f"{launcher} kubectl{flags} describe {target}"
    if not status["ready"]:
        return f"{launcher} up{flags}"
    lessons = status["lessons"]
    for name in (*lessons["failed"], *lessons["not_run"]):
        return f"{launcher} lesson {name}{flags}"
    return f"{launcher} report{flags}"
