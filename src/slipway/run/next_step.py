"""The command that the user needs next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slipway.launcher import CommandLine


def next_step(status: Mapping[str, Any], lines: CommandLine) -> str:
    """Return the next command for a lab.

    Args:
        status: The status, with namespaces and lessons.
        lines: Writes command lines for the lab.
    """
    if status.get("stopped") or status.get("state") == "stopped":
        return lines.of("start")
    for entry in status["namespaces"]:
        for pod in entry["troubled"]:
            target = f"pod {pod['name']} --namespace {entry['namespace']}"
            return lines.of("kubectl", f"describe {target}")
    if not status["ready"]:
        return lines.of("up")
    lessons = status["lessons"]
    for name in (*lessons["failed"], *lessons["not_run"]):
        return lines.of(f"lesson {name}")
    return lines.of("report")
