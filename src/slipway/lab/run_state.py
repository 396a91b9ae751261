"""The state of a playbook run, updated by ansible-runner's events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slipway.lab.artifact_phase import ArtifactPhase
from slipway.lab.artifact_progress import ArtifactProgress
from slipway.lab.phase_plan import ARTIFACTS
from slipway.lab.phase_tracker import PhaseTracker
from slipway.lab.phases import (
    BEGAN,
    ENDED,
    TASK_CHANGED,
    TASK_FAILED,
    Change,
    Failure,
    Phase,
    final_failures,
)
from slipway.lab.progress import Step
from slipway.lab.running_tasks import RunningTask, RunningTasks


class Run:
    """The state of a playbook run.

    Args:
        phases: The phases in order.
        artifacts: Follows the artifacts; without it nothing is known of earlier runs.
    """

    def __init__(self, phases: list[Phase], artifacts: ArtifactProgress | None = None):
        self.phases = phases
        self.tasks = RunningTasks()
        self.artifacts = artifacts or ArtifactProgress()
        self.changed = 0
        self.failures: list[Failure] = []
        self.stats: dict[str, dict[str, int]] | None = None
        self._tracker = PhaseTracker(phases, self.tasks)
        making = next((phase for phase in phases if phase.id == ARTIFACTS), None)
        self._artifact_phase = ArtifactPhase(making, self.artifacts)
        self._seen: set[str] = set()
        self._handlers: dict[str, Callable[[dict[str, Any], float], list[Change]]] = {
            "playbook_on_play_start": self._play,
            "runner_on_start": self._start,
            "runner_on_ok": self._ok,
            "runner_on_skipped": self._skipped,
            "runner_on_failed": self._failed,
            "runner_on_unreachable": self._unreachable,
            "runner_retry": self._retry,
            "playbook_on_stats": self._stats,
        }

    def apply(self, event: dict[str, Any], now: float) -> list[Change]:
        """Read one event; return what changed.

        Args:
            event: An event as ansible-runner passes it to its event_handler.
            now: Seconds of a monotonic clock.
        """
        handler = self._handlers.get(event.get("event", ""))
        return handler(event.get("event_data") or {}, now) if handler else []

    def step(self, step: Step, now: float) -> list[Change]:
        """Read the progress of a long module; return what changed."""
        return self._artifact_phase.add(step, now)

    def tick(self, now: float) -> list[Change]:
        """Enter the phases whose first task runs for a while, and leave idle ones; return what changed."""
        began = [Change(BEGAN, phase) for phase in self._tracker.enter_by_time(now)]
        return began + [Change(ENDED, phase) for phase in self._tracker.leave_idle(now)]

    def finish(self, good: bool, now: float) -> list[Change]:
        """Close the phases that are open; return what changed.

        Args:
            good: Whether the run succeeded; otherwise the open phases failed.
            now: Seconds of a monotonic clock.
        """
        self.tasks.clear()
        ended = [Change(ENDED, phase) for phase in self._tracker.finish(good, now)]
        return ended + self._artifact_phase.finish(good, now)

    @property
    def final_failures(self) -> list[Failure]:
        """Return the failures that ended hosts."""
        return final_failures(self.failures, self.stats)

    def _play(self, data: dict[str, Any], now: float) -> list[Change]:
        self.tasks.clear()
        ended = self._tracker.start_play(str(data.get("name") or data.get("play") or ""), now)
        return [Change(ENDED, phase) for phase in ended]

    def _start(self, data: dict[str, Any], now: float) -> list[Change]:
        if phase := self._tracker.phase_of(str(data.get("role") or "")):
            task = RunningTask(
                uuid=str(data.get("task_uuid", "")),
                name=str(data.get("task") or ""),
                action=str(data.get("task_action") or "").rsplit(".", 1)[-1],
                phase=phase.id,
                began=now,
            )
            self.tasks.start(task, str(data.get("host", "")))
        return []

    def _ok(self, data: dict[str, Any], now: float) -> list[Change]:
        result = data.get("res") or {}
        changes, phase = self._result(data, now)
        if phase and result.get("changed"):
            phase.changed += 1
            if self._first("changed", data):
                changes.append(Change(TASK_CHANGED, phase, str(data.get("task", ""))))
        self.changed += bool(result.get("changed"))
        return changes + self._artifact_phase.read_result(data, now)

    def _skipped(self, data: dict[str, Any], now: float) -> list[Change]:
        self.tasks.end(str(data.get("host", "")))
        return []

    def _failed(self, data: dict[str, Any], now: float, unreachable: bool = False) -> list[Change]:
        if data.get("ignore_errors"):
            return self._ok(data, now)
        changes, phase = self._result(data, now)
        failure = Failure(
            phase=phase.id if phase else "",
            host=str(data.get("host", "")),
            task=str(data.get("task", "")),
            path=str(data.get("task_path", "")),
            result=data.get("res") or {},
            unreachable=unreachable,
            role=str(data.get("role") or ""),
        )
        self.failures.append(failure)
        if phase:
            changes.append(Change(TASK_FAILED, phase, failure.task, failure.host))
        return changes

    def _unreachable(self, data: dict[str, Any], now: float) -> list[Change]:
        return self._failed(data, now, unreachable=True)

    def _retry(self, data: dict[str, Any], now: float) -> list[Change]:
        result = data.get("res") or {}
        note = f"attempt {result.get('attempts', '?')} of {result.get('retries', '?')}"
        self.tasks.note(str(data.get("task_uuid", "")), note)
        return []

    def _stats(self, data: dict[str, Any], now: float) -> list[Change]:
        self.stats = {key: data.get(key) or {} for key in ("ok", "changed", "failures", "dark")}
        self.changed = sum(self.stats["changed"].values())
        return []

    def _result(self, data: dict[str, Any], now: float) -> tuple[list[Change], Phase | None]:
        """Enter the phase of a task that ran, and count the task once for all hosts."""
        phase = self._tracker.phase_of(str(data.get("role") or ""))
        began = bool(phase and self._tracker.enter(phase, now))
        self.tasks.end(str(data.get("host", "")))
        if phase and self._first("result", data):
            phase.tasks += 1
        return ([Change(BEGAN, phase)] if began and phase else []), phase

    def _first(self, kind: str, data: dict[str, Any]) -> bool:
        """Return whether this is the first host with a result of this kind of the task."""
        key = f"{kind} {data.get('task_uuid', '')}"
        new = key not in self._seen
        self._seen.add(key)
        return new
