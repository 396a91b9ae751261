"""Phases, running tasks and steps in words, the same in all views."""

from __future__ import annotations

from slipway.lab.format import count, duration
from slipway.lab.phase_plan import ARTIFACTS
from slipway.lab.phases import Phase
from slipway.lab.progress import LatestSteps
from slipway.lab.run_state import Run
from slipway.lab.running_tasks import RunningTask

STOPPING = "stopping: ending the processes of this run"


def counts(phase: Phase) -> list[str]:
    """Return the numbers of tasks and changes, such as ``["3 tasks", "1 changed"]``."""
    words = [count(phase.tasks, "task")] if phase.tasks else []
    return [*words, f"{phase.changed} changed"] if phase.changed else words


def last_duration(phase: Phase) -> str:
    """Return ``last 1:02``; empty when the phase never succeeded."""
    return f"last {duration(phase.last_seconds)}" if phase.last_seconds is not None else ""


def describe_task(task: RunningTask) -> str:
    """Return the name of a task, its attempt, and its hosts when they are several."""
    hosts = ", ".join(sorted(task.hosts)) if len(task.hosts) > 1 else ""
    return "  ".join(filter(None, (task.name, task.note, hosts)))


def activity(phase: Phase, run: Run, steps: LatestSteps, now: float) -> list[str]:
    """Return the running work of a phase, a line for each task or step."""
    if phase.id == ARTIFACTS:
        return [run.artifacts.text(now)]
    tasks = run.tasks.visible(phase.id, now)
    lines = [describe_task(task) for task in tasks] or [phase.title]
    sources = {name for task in tasks for name in (task.action, *task.hosts)} | {phase.id}
    return [*lines, *(f"{source}  {step.text}" for source, step in steps.fresh(sources, now))]
