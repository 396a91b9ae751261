"""Decide which phases are entered, and when they end."""

from __future__ import annotations

from slipway.lab.phases import FAILED, OK, RUNNING, WAITING, Phase, slug
from slipway.lab.running_tasks import RunningTasks

# Seconds without a task after which a phase has ended, although another phase of its play runs.
IDLE_AFTER = 2.0


class PhaseTracker:
    """Enter a phase with its first task that runs, and leave it when a play of another phase starts.

    A play can hold several phases, whose tasks run at the same time. A phase is entered when a task of it has a
    result, or has run for a moment: a skipped task does not enter it.

    Args:
        phases: The phases in order. Plays without one are added.
        tasks: The tasks that run.
    """

    def __init__(self, phases: list[Phase], tasks: RunningTasks):
        self.phases = phases
        self._tasks = tasks
        self._play: list[Phase] = []
        self._last_result: dict[str, float] = {}

    @property
    def current(self) -> list[Phase]:
        """Return the phases of the current play that were entered."""
        return [phase for phase in self._play if phase.state == RUNNING]

    def start_play(self, name: str, now: float) -> list[Phase]:
        """Start a play; return the phases that ended with the previous one."""
        found = [phase for phase in self.phases if name in phase.plays]
        if not found:
            found = [Phase(id=slug(name), title=name, plays=[name], listed=False)]
            self.phases += found
        ended = self._leave([phase for phase in self._play if phase not in found], OK, now)
        self._play = found
        return ended

    def phase_of(self, role: str) -> Phase | None:
        """Return the phase of a task of the current play.

        Args:
            role: The role that the task belongs to; empty for a task of the play.
        """
        if len(self._play) == 1:
            return self._play[0]
        return next((phase for phase in self._play if phase.id == role), None)

    def enter(self, phase: Phase, now: float) -> bool:
        """Enter a phase, unless it is running; return whether it was entered."""
        self._last_result[phase.id] = now
        if phase.state == RUNNING:
            return False
        running = self._tasks.of(phase.id)
        phase.begin(min([task.began for task in running], default=now))
        return True

    def enter_by_time(self, now: float) -> list[Phase]:
        """Enter the listed phases whose tasks have run for a moment; return them."""
        waiting = [phase for phase in self._play if phase.listed and phase.state != RUNNING]
        return [p for p in waiting if self._tasks.visible(p.id, now) and self.enter(p, now)]

    def leave_idle(self, now: float) -> list[Phase]:
        """Leave the phases whose tasks have ended while another phase of the same play runs; return them."""
        idle = [
            phase
            for phase in self.current
            if not self._tasks.of(phase.id) and now - self._last_result[phase.id] >= IDLE_AFTER
        ]
        if len(idle) == len(self.current):
            return []
        return self._leave(idle, OK, now)

    def finish(self, good: bool, now: float) -> list[Phase]:
        """Leave the current phases; return those that ended.

        Args:
            good: Whether the run succeeded; otherwise the phase of the last result failed.
            now: Seconds of a monotonic clock.
        """
        open_phases = self.current
        if not good and not open_phases:  # Ansible stopped before the first result
            open_phases = [phase for phase in self._play if phase.state == WAITING][:1]
        return self._leave(open_phases, OK if good else FAILED, now)

    def _leave(self, phases: list[Phase], state: str, now: float) -> list[Phase]:
        left = [phase for phase in phases if phase.state == RUNNING or state == FAILED]
        for phase in left:
            # Another phase of the same play can run for longer.
            shared = len(self._play) > 1 and state == OK
            phase.end(state, self._last_result.get(phase.id, now) if shared else now)
        return left
