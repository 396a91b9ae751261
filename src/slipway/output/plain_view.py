"""Show a run as plain lines: one for each phase, and one for each changed or failed task."""

from __future__ import annotations

import time

from rich.console import Console

from slipway.lab.format import duration
from slipway.lab.phases import (
    ARTIFACT_MADE,
    ENDED,
    RUNNING,
    TASK_CHANGED,
    TASK_FAILED,
    Change,
    Phases,
    visible,
)
from slipway.lab.progress import LatestSteps, Step
from slipway.lab.run_state import Run
from slipway.output.phase_text import STOPPING, activity, counts

# Seconds without a line after which a line reports the running work.
HEARTBEAT = 30.0


class PlainView:
    """Print a line for each event that a reader of a log looks for, and a heartbeat in between."""

    def __init__(self, console: Console):
        self._console = console
        self._began = time.monotonic()
        self._printed = self._began
        self._board: Phases | None = None
        self._steps = LatestSteps()

    def begin(self, board: Phases) -> None:
        """Print the phases that the run is expected to reach."""
        self._board = board
        self._print("phases: " + ", ".join(phase.id for phase in visible(board.phases)))

    def change(self, change: Change, now: float) -> None:
        """Print the end of a phase, a changed or failed task, and an artifact that is ready."""
        phase = change.phase
        if change.kind == ENDED:
            last = f"last {duration(phase.last_seconds)}" if phase.last_seconds else ""
            words = [phase.state, *counts(phase), duration(phase.seconds), last]
            self._print(f"{phase.id}: " + ", ".join(filter(None, words)))
        elif change.kind == TASK_CHANGED:
            self._print(f"{phase.id}: changed: {change.text}")
        elif change.kind == TASK_FAILED:
            self._print(f"{phase.id}: failed: {change.text} ({change.host})")
        elif change.kind == ARTIFACT_MADE:
            self._print(f"{phase.id}: {change.text}")

    def step(self, step: Step, host: str, now: float) -> None:
        """Print the steps of a lesson; those of other modules belong to the heartbeat."""
        self._steps.add(step, host, now)
        if (
            not host
            and self._board
            and any(phase.id == step.task and phase.plays for phase in self._board.phases)
        ):
            self._print(f"{step.task}: {step.text}")

    def tick(self, run: Run, now: float) -> None:
        """Print the running work when no line was printed for a while."""
        if time.monotonic() - self._printed < HEARTBEAT:
            return
        running = [phase for phase in run.phases if phase.state == RUNNING]
        for phase in running:
            work = "; ".join(activity(phase, run, self._steps, now))
            self._print(f"{phase.id}: running for {duration(phase.elapsed(now))}: {work}")

    def output(self, text: str) -> None:
        """Leave it to the log file."""

    def stopping(self) -> None:
        """Report that the run is being stopped."""
        self._print(STOPPING)

    def end(self) -> None:
        """Leave it to the lines of the phases."""

    def _print(self, text: str) -> None:
        self._printed = time.monotonic()
        passed = int(self._printed - self._began)
        self._console.print(f"[{passed:4d}s] {text}", markup=False, soft_wrap=True)
