"""Rehearse a lesson: every task is red before, stays red after wrong solutions, and is green after its solution."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import Result, check_task
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Record
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import Answer
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.stage import (
    begin_task,
    find_task,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    HOST,
    Command,
    Task,
    Wrong,
)

BLOCK = re.compile(r"^```(sh|host)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A wrong solution must stay red for so long.
RED_SECONDS = 3


@dataclass(frozen=True)
class Rehearsed:
    """The result of a rehearsed task.

    Args:
        task: Its name.
        problems: What is wrong with it; empty when it behaves as declared.
        wrong: Number of wrong solutions that stayed red.
        seconds: Time of the last reset.
    """

    task: str
    problems: tuple[str, ...]
    wrong: int
    seconds: float


def typed_commands(text: str) -> list[Command]:
    """Return the command blocks of a text, as a student types them."""
    return [
        Command(HOST if place == HOST else "run", block.strip())
        for place, block in BLOCK.findall(text)
    ]


def rehearse(
    practice: Practice, names: Sequence[str] = (), show: Callable[[Rehearsed], None] | None = None
) -> list[Rehearsed]:
    """Rehearse tasks and puzzles of the lesson.

    Args:
        practice: The lesson whose scene is set.
        names: Only these.
        show: Called after each.

    Raises:
        PracticeError: As for :func:`begin_task`.
    """
    practice.record = Record(practice.state / "rehearsal.json")  # the student's own stays
    results = []
    for name in names or practice.tasks.names():
        result = _rehearse(practice, find_task(practice, name))
        results.append(result)
        if show:
            show(result)
    practice.record.path.unlink()
    return results


def _rehearse(practice: Practice, task: Task) -> Rehearsed:
    problems: list[str] = []
    seconds = _reset(practice, task)
    if not _red(check_task(practice.scene, task)):
        problems.append("it is green before anything was done")
    for number, wrong in enumerate(task.wrong, 1):
        problems += _try_wrong(practice, task, wrong, number)
        seconds = _reset(practice, task)
    problems += _try_solution(practice, task)
    if len(task.wrong) < 2:
        problems.append(f"it has {len(task.wrong)} wrong solutions, and needs two")
    return Rehearsed(task.name, tuple(problems), len(task.wrong), seconds)


def _reset(practice: Practice, task: Task) -> float:
    began = time.monotonic()
    begin_task(practice, task.name)
    return time.monotonic() - began


def _try_wrong(practice: Practice, task: Task, wrong: Wrong, number: int) -> Iterator[str]:
    for command in wrong.commands:
        practice.scene.run(command)
    red = _red(check_task(practice.scene, task, RED_SECONDS))
    if missing := [name for name in wrong.fails if name not in red]:
        yield f"wrong solution {number} passes {', '.join(missing)}"


def _try_solution(practice: Practice, task: Task) -> Iterator[str]:
    for command in typed_commands(practice.text.task(task.name).text):
        if (answer := practice.scene.run(command)).code:
            yield f"this command of the text fails: {command.text}: {_said(answer)}"
    for command in task.solution:
        if (answer := practice.scene.run(command, 120)).code:
            yield f"this command of the solution fails: {command.text}: {_said(answer)}"
    results = practice.check(task.settle)
    for result in results:
        if not result.passed:
            yield f"after the solution, {result.name} is red: {result.seen}"
    if (task.answer or task.measure) and not practice.progress().measured:
        yield "the answer to its question cannot be measured"


def _red(results: Sequence[Result]) -> list[str]:
    return [result.name for result in results if not result.passed]


def _said(answer: Answer) -> str:
    return " ".join((answer.error or answer.out).split())[-300:]
