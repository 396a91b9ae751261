"""The tasks that run now, and their hosts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class RunningTask:
    """A task that runs on at least one host.

    Attributes:
        began: When its first host started it, by a monotonic clock.
        note: The attempt, when it is repeated.
    """

    uuid: str
    name: str
    action: str
    phase: str
    began: float
    hosts: set[str] = field(default_factory=set)
    note: str = ""


class RunningTasks:
    """Keep the tasks that run now, in the order of their start.

    A host runs one task at a time. With the strategy `free`, hosts run different tasks at the same time.
    """

    # A task is shown when it has run for so many seconds, so that a skipped task never looks as if it ran.
    SHOWN_AFTER = 0.2

    def __init__(self) -> None:
        self._tasks: dict[str, RunningTask] = {}

    def start(self, task: RunningTask, host: str) -> RunningTask:
        """Start a task on a host, which ends the host's previous one."""
        self.end(host)
        known = self._tasks.setdefault(task.uuid, task)
        known.hosts.add(host)
        return known

    def end(self, host: str) -> None:
        """End the task of a host."""
        for uuid, task in list(self._tasks.items()):
            task.hosts.discard(host)
            if not task.hosts:
                del self._tasks[uuid]

    def note(self, uuid: str, note: str) -> None:
        """Describe what a task does, such as its attempt."""
        if task := self._tasks.get(uuid):
            task.note = note

    def clear(self) -> None:
        """End all tasks."""
        self._tasks.clear()

    def of(self, phase: str) -> list[RunningTask]:
        """Return the running tasks of a phase."""
        return [task for task in self._tasks.values() if task.phase == phase]

    def older(self, seconds: float, now: float) -> list[RunningTask]:
        """Return the tasks that have run for so many seconds."""
        return [task for task in self._tasks.values() if now - task.began >= seconds]

    def visible(self, phase: str, now: float) -> list[RunningTask]:
        """Return the tasks of a phase that have run long enough to be shown."""
        return [task for task in self.older(self.SHOWN_AFTER, now) if task.phase == phase]
