"""Phases of a run, their changes and the failures in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

WAITING, RUNNING, OK, FAILED = "waiting", "running", "ok", "failed"


@dataclass
class Phase:
    """One step of a run for the user: the plays and tasks that share a first tag.

    Attributes:
        listed: Whether the run is expected to reach the phase, because the user asked for it.
        seconds: Time spent in the phase until it was last left.
        started: When the phase was last entered, by a monotonic clock; ``None`` outside it.
        last_seconds: How long the phase took in the last run that succeeded.
    """

    id: str
    title: str
    plays: list[str] = field(default_factory=list)
    listed: bool = True
    state: str = WAITING
    tasks: int = 0
    changed: int = 0
    seconds: float = 0.0
    started: float | None = None
    last_seconds: float | None = None

    def elapsed(self, now: float) -> float:
        """Return the seconds spent so far, over all plays of the phase."""
        return self.seconds + (now - self.started if self.started is not None else 0.0)

    def begin(self, now: float) -> None:
        """Enter the phase, for the first time or again."""
        self.state = RUNNING
        self.started = now

    def end(self, state: str, now: float) -> None:
        """Leave the phase."""
        self.seconds = self.elapsed(now)
        self.started = None
        self.state = state


class Phases(Protocol):
    """The phases of a command, in order. A run updates them, and can add some."""

    @property
    def phases(self) -> list[Phase]:
        """Return all phases of now."""


def visible(phases: Iterable[Phase]) -> list[Phase]:
    """Return the phases that the user asked for, and those that were entered all the same."""
    return [phase for phase in phases if phase.listed or phase.state != WAITING]


def slug(text: str) -> str:
    """Return a title as a short id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:20] or "play"


BEGAN, ENDED, TASK_CHANGED, TASK_FAILED, ARTIFACT_MADE = (
    "phase began", "phase ended", "task changed", "task failed", "artifact made",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A change of a run that a view can show.

    Attributes:
        kind: One of the names above.
        phase: The phase that it belongs to.
        text: The name of the task, or what was made.
        host: The host on which a task failed.
    """

    kind: str
    phase: Phase
    text: str = ""
    host: str = ""


@dataclass
class Failure:
    """A failed task, as Ansible reported it."""

    phase: str
    host: str
    task: str
    path: str
    result: dict[str, Any]
    unreachable: bool = False
    role: str = ""


def final_failures(
    failures: Sequence[Failure], stats: Mapping[str, Mapping[str, int]] | None
) -> list[Failure]:
    """Return the failures that ended hosts: the last one of each host that no rescue recovered.

    Args:
        failures: All failures in order.
        stats: Ansible's counts by result and host. Without them the run was cut off.
    """
    if stats is None:
        return list(failures[-1:])
    dead = {**stats["failures"], **stats["dark"]}
    last = {failure.host: failure for failure in failures if failure.host in dead}
    return list(last.values())
