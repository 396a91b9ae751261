"""The phases of a run: read from the playbooks, and updated by Ansible's events."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slipway.lab.yaml_file import read_yaml

WAITING, RUNNING, OK, FAILED, SKIPPED = "waiting", "running", "ok", "failed", "skipped"


@dataclass
class Phase:
    """One step of a run for the user: the plays that share a first tag."""

    id: str
    title: str
    plays: list[str] = field(default_factory=list)
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


def plan(playbook: Path) -> list[Phase]:
    """Read the phases of a playbook: a play's first tag is the id, its name the title.

    Args:
        playbook: A playbook, which may import others.
    """
    phases: dict[str, Phase] = {}
    for name, tag in _plays(playbook):
        phase = phases.setdefault(tag, Phase(id=tag, title=name))
        phase.plays.append(name)
    return list(phases.values())


def _plays(playbook: Path) -> list[tuple[str, str]]:
    content = read_yaml(playbook)
    found = []
    for play in content if isinstance(content, list) else []:
        if not isinstance(play, dict):
            continue
        imported = play.get("import_playbook") or play.get("ansible.builtin.import_playbook")
        if imported:
            found += _plays(playbook.parent / str(imported))
            continue
        name = str(play.get("name") or play.get("hosts") or "play")
        tags = play.get("tags") or []
        tags = tags.split(",") if isinstance(tags, str) else list(tags)
        found.append((name, str(tags[0]).strip() if tags else slug(name)))
    return found


def slug(text: str) -> str:
    """Return a title as a short id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:20] or "play"


class Run:
    """The state of a playbook run, advanced by ansible-runner's events.

    Args:
        phases: The plan, in order.
    """

    def __init__(self, phases: list[Phase]):
        self.phases = phases
        self.board = phases  # The displayed phases; a command can run several playbooks
        self.current: Phase | None = None
        self.task = ""
        self.action = ""
        self.note = ""
        self.hosts: set[str] = set()
        self.changed = 0
        self.failures: list[Failure] = []
        self.stats: dict[str, dict[str, int]] | None = None
        self._begun: set[str] = set()
        self._role = ""

    def apply(self, event: dict[str, Any], now: float) -> str | None:
        """Take one event in; return what it changed: phase, task, note, stats or ``None``.

        Args:
            event: An event as ansible-runner hands it to its event_handler.
            now: Seconds of a monotonic clock.
        """
        kind, data = event.get("event", ""), event.get("event_data") or {}
        if kind == "playbook_on_play_start":
            return self._play(str(data.get("name") or data.get("play") or ""), now)
        if kind in ("playbook_on_task_start", "playbook_on_handler_task_start"):
            return self._task(data)
        if kind == "runner_on_start":
            self.hosts.add(str(data.get("host", "")))
        elif kind in ("runner_on_ok", "runner_on_skipped"):
            self._done(data)
        elif kind in ("runner_on_failed", "runner_on_unreachable"):
            self._failed(data, unreachable=kind == "runner_on_unreachable")
        elif kind == "runner_retry":
            result = data.get("res") or {}
            self.note = f"attempt {result.get('attempts', '?')} of {result.get('retries', '?')}"
            return "note"
        elif kind == "playbook_on_stats":
            self.stats = {
                name: data.get(name) or {} for name in ("ok", "changed", "failures", "dark")
            }
            self.changed = sum(self.stats["changed"].values())
            return "stats"
        return None

    def finish(self, good: bool, now: float) -> None:
        """Close the phase under way.

        Args:
            good: Whether the run succeeded; otherwise the phase under way failed.
            now: Seconds of a monotonic clock.
        """
        if self.current:
            self._leave(OK if good else FAILED, now)
        for phase in self.phases:
            if good and phase.state == WAITING:
                phase.state = SKIPPED
        self.task = self.note = ""

    @property
    def final_failures(self) -> list[Failure]:
        """The failures that ended hosts: the last one of each host that no rescue took back."""
        if self.stats is None:
            return self.failures[-1:]
        dead = {**self.stats["failures"], **self.stats["dark"]}
        last = {failure.host: failure for failure in self.failures if failure.host in dead}
        return list(last.values())

    def _play(self, name: str, now: float) -> str:
        phase = next((phase for phase in self.phases if name in phase.plays), None)
        if phase is None:
            phase = Phase(id=slug(name), title=name, plays=[name])
            self.phases.append(phase)
        if phase is not self.current:
            if self.current:
                self._leave(OK, now)
            phase.begin(now)
            self.current = phase
        self.task = self.note = self.action = ""
        return "phase"

    def _leave(self, state: str, now: float) -> None:
        assert self.current is not None
        idle = state == OK and self.current.tasks == 0
        self.current.end(SKIPPED if idle else state, now)
        self.current = None

    def _task(self, data: dict[str, Any]) -> str:
        self._role = str(data.get("role") or "")
        self.task = str(data.get("task") or data.get("name") or "")
        self.action = str(data.get("task_action") or "").rsplit(".", 1)[-1]
        self.note = ""
        self.hosts = set()
        return "task"

    def _done(self, data: dict[str, Any]) -> None:
        self.hosts.discard(str(data.get("host", "")))
        uuid = str(data.get("task_uuid", ""))
        if self.current and uuid not in self._begun:
            self._begun.add(uuid)
            self.current.tasks += 1
        if (data.get("res") or {}).get("changed"):
            self.changed += 1
            if self.current:
                self.current.changed += 1

    def _failed(self, data: dict[str, Any], unreachable: bool) -> None:
        self.hosts.discard(str(data.get("host", "")))
        if data.get("ignore_errors"):
            self._done(data)
            return
        if self.current:
            self.current.tasks += 1
        self.failures.append(
            Failure(
                phase=self.current.id if self.current else "",
                host=str(data.get("host", "")),
                task=str(data.get("task", "")),
                path=str(data.get("task_path", "")),
                result=data.get("res") or {},
                unreachable=unreachable,
                role=str(data.get("role") or ""),
            )
        )
