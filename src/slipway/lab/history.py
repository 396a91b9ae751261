"""The durations of the phases of earlier runs."""

from __future__ import annotations

import json
from pathlib import Path

from slipway.lab.phases import OK, Phase


def recall(state: Path, command: str, phases: list[Phase]) -> None:
    """Give phases the time that they took when they last succeeded."""
    times = _read(state / "durations.json").get(command, {})
    for phase in phases:
        phase.last_seconds = times.get(phase.id)


def remember(state: Path, command: str, phases: list[Phase]) -> None:
    """Keep the times of phases that succeeded."""
    path = state / "durations.json"
    every = _read(path)
    every.setdefault(command, {}).update(
        {phase.id: round(phase.seconds, 1) for phase in phases if phase.state == OK}
    )
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps(every, indent=2) + "\n")


def _read(path: Path) -> dict[str, dict[str, float]]:
    try:
        content = json.loads(path.read_text())
        return content if isinstance(content, dict) else {}
    except (OSError, ValueError):
        return {}
