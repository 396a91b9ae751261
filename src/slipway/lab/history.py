"""The durations of the phases and artifacts of earlier runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slipway.lab.phases import OK, Phase

FILE = "durations.json"
# The key beside the names of commands. Artifacts are the same for all commands.
ARTIFACTS = "artifacts"


def recall(state: Path, command: str, phases: list[Phase]) -> None:
    """Set the time that each phase took when it last succeeded."""
    times = _read(state / FILE).get(command, {})
    for phase in phases:
        phase.last_seconds = times.get(phase.id)


def remember(state: Path, command: str, phases: list[Phase]) -> None:
    """Record the times of phases that succeeded."""
    _update(state, command, {p.id: round(p.seconds, 1) for p in phases if p.state == OK})


def recall_artifacts(cache: Path) -> dict[str, dict[str, float]]:
    """Return the seconds and packages of artifacts that were made before, by name."""
    found = _read(cache / FILE).get(ARTIFACTS, {})
    return {name: entry for name, entry in found.items() if isinstance(entry, dict)}


def remember_artifacts(cache: Path, measured: Mapping[str, Mapping[str, float]]) -> None:
    """Record the seconds and packages of artifacts, for all labs that share the cache."""
    if measured:
        _update(cache, ARTIFACTS, measured)


def _update(folder: Path, key: str, values: Mapping[str, Any]) -> None:
    every = _read(folder / FILE)
    every.setdefault(key, {}).update(values)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / FILE).write_text(json.dumps(every, indent=2) + "\n")


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        content = json.loads(path.read_text())
        return content if isinstance(content, dict) else {}
    except (OSError, ValueError):
        return {}
