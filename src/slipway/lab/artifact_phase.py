"""The phase in which artifacts are made, which runs beside the phases that do not need it."""

from __future__ import annotations

from typing import Any

from slipway.lab.artifact_progress import ArtifactProgress
from slipway.lab.phase_plan import ARTIFACTS
from slipway.lab.phases import ARTIFACT_MADE, BEGAN, ENDED, FAILED, OK, RUNNING, Change, Phase
from slipway.lab.progress import Step

ACTION = "cached_artifact"
ALL_CACHED = "All programs and images are in the cache"


class ArtifactPhase:
    """Begin and end the phase by the module's progress.

    Args:
        phase: The phase; ``None`` when the playbook makes no artifacts.
        progress: Follows the artifacts.
    """

    def __init__(self, phase: Phase | None, progress: ArtifactProgress):
        self.phase = phase
        self.progress = progress

    def add(self, step: Step, now: float) -> list[Change]:
        """Read a step of the work; return what changed."""
        if self.phase is None or step.task != ARTIFACTS:
            return []
        changes = []
        if self.phase.state != RUNNING:
            self.phase.begin(now)
            changes.append(Change(BEGAN, self.phase))
        if name := self.progress.add(step, now):
            changes.append(Change(ARTIFACT_MADE, self.phase, self.progress.summary(name)))
            if self.progress.complete:
                changes += self.finish(True, now)
        return changes

    def read_result(self, data: dict[str, Any], now: float) -> list[Change]:
        """Read the result of a task, which can be the list of missing artifacts; return what changed.

        Args:
            data: The data of an event.
            now: Seconds of a monotonic clock.
        """
        missing = (data.get("res") or {}).get("made")
        action = str(data.get("task_action") or "").rsplit(".", 1)[-1]
        if self.phase is None or action != ACTION or not isinstance(missing, list):
            return []
        self.progress.expect(str(name) for name in missing)
        if self.progress.total or self.phase.state == OK:
            return []
        self.phase.title = ALL_CACHED
        self.phase.begin(now)
        return self.finish(True, now)

    def finish(self, good: bool, now: float) -> list[Change]:
        """End the phase, if it runs; return what changed. A phase that never began is hidden."""
        if self.phase is None:
            return []
        if self.phase.state != RUNNING:
            self.phase.listed &= not good
            return []
        self.phase.end(OK if good or self.progress.complete else FAILED, now)
        return [Change(ENDED, self.phase)]
