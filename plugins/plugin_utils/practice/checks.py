"""Check the outcome of a task: what is expected, and what was seen."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.expressions import (
    ERRORS,
    evaluate,
    render,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.scene import Scene
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.tasks import (
    Check,
    Command,
    Task,
)

# A check answers within five seconds, so each reading has a little less.
READING_SECONDS = 4
PAUSE = 0.4
SHOWN = 200


@dataclass(frozen=True)
class Result:
    """A checked outcome: whether it is as expected, and what was seen."""

    name: str
    passed: bool
    seen: str
    values: dict[str, Any]

    def as_dict(self, words: Mapping[str, str]) -> dict[str, Any]:
        """Return the outcome for programs.

        Args:
            words: The expected outcomes in words, by name.
        """
        expected = words.get(self.name, self.name)
        return {"name": self.name, "passed": self.passed, "expected": expected, "seen": self.seen}


def check_task(scene: Scene, task: Task, seconds: float = 0) -> list[Result]:
    """Check all outcomes of a task.

    Args:
        scene: Where the student practises.
        task: The task.
        seconds: Look again for so long while an outcome is missing: pods take a moment to start.
    """
    end = time.monotonic() + seconds
    while True:
        results = _check_once(scene, task.checks)
        if all(result.passed for result in results) or time.monotonic() + PAUSE > end:
            return results
        time.sleep(PAUSE)


def measure(scene: Scene, task: Task, results: Sequence[Result]) -> str:
    """Return the measured answer to the question of a task; empty when it cannot be had."""
    values: dict[str, Any] = {result.name.replace("-", "_"): result.values for result in results}
    if task.measure:
        values["out"] = scene.run(Command("run", task.measure)).out.strip()
    try:
        return render(task.answer or "{{ out }}", values).strip()
    except ERRORS:
        return ""


def _check_once(scene: Scene, checks: Sequence[Check]) -> list[Result]:
    subjects = list(dict.fromkeys((check.kind, check.subject) for check in checks))
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = pool.map(lambda one: _read(scene, *one), subjects)
        readings = dict(zip(subjects, answers, strict=True))
    return [_judge(scene, check, *readings[check.kind, check.subject]) for check in checks]


def _read(scene: Scene, kind: str, subject: str) -> tuple[dict[str, Any], str]:
    """Return the values of a reading, and why there are none."""
    if kind == "get":
        found, problem = scene.get(subject, READING_SECONDS)
        return {"found": found}, problem
    answer = scene.run(Command(kind, subject), READING_SECONDS)
    return {"out": answer.out.strip(), "error": answer.error.strip(), "code": answer.code}, ""


def _judge(scene: Scene, check: Check, values: dict[str, Any], problem: str) -> Result:
    known = {**scene.values, **values}
    try:
        passed = bool(evaluate(check.that, known))
    except ERRORS as error:
        passed, problem = False, problem or str(error)
    seen = problem
    if not problem and check.seen:
        try:
            seen = render(check.seen, known)
        except ERRORS as error:
            seen = str(error)
    if not seen and "code" in values:
        seen = values["out"] or values["error"] or f"exit code {values['code']}"
    return Result(check.name, passed, _short(seen), values)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
