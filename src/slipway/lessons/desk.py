"""A student's desk: the current task of the lesson that was started, acted on and shown."""

from __future__ import annotations

import contextlib
import json
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import Result
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.record import Progress
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.rehearsal import rehearse
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import (
    Practice,
    PracticeError,
)
from slipway.errors import SlipwayError, UsageError
from slipway.lab.project import Project
from slipway.launcher import CommandLine
from slipway.lessons.task_view import TaskView
from slipway.output.console import error_console, result_console

WATCH_PAUSE = 1.0


def practice_folder(project: Project) -> Path:
    """Return the directory of scene and records, as playbooks/lessons/vars/practice.yml names it."""
    return project.state / "practice"


class Desk:
    """Acts for the student, and shows the result on this terminal, or as JSON.

    Args:
        project: The lab.
        lines: Writes command lines for the lab.
        language: Language of the texts.
        as_json: Print JSON.
    """

    def __init__(self, project: Project, lines: CommandLine, language: str, as_json: bool):
        self.project = project
        self.lines = lines
        self.language = language
        self.as_json = as_json
        self.view = TaskView(result_console(), language, lines)

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn errors of the practice into errors of the command."""
        try:
            yield
        except PracticeError as problem:
            raise SlipwayError(str(problem), problem.next_step) from problem

    def practice(self) -> Practice:
        """Return the practice of the lesson that was started.

        Raises:
            UsageError: No lesson was started.
        """
        folder = practice_folder(self.project)
        if not (folder / "scene.json").exists():
            raise UsageError(
                "no lesson was started", f"run: {self.lines.of('lesson start tutorial')}"
            )
        return Practice(folder, self.language)

    def show_task(self, practice: Practice | None = None) -> None:
        """Show the current task."""
        practice = practice or self.practice()
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_task(practice)

    def check(self, seconds: float) -> bool:
        """Check the current task, and show the outcome; return whether it is done."""
        practice = self.practice()
        results = practice.check(seconds)
        self._show_results(practice, results)
        return all(result.passed for result in results)

    def watch(self) -> None:
        """Check until the task is done, and show each change."""
        practice = self.practice()
        before: list[tuple[bool, str]] = []
        while True:
            results = practice.check(0)
            now = [(result.passed, result.seen) for result in results]
            if now != before:
                self._show_results(practice, results)
                before = now
            if all(result.passed for result in results):
                return
            time.sleep(WATCH_PAUSE)

    def predict(self, answer: str) -> None:
        """Record a prediction."""
        practice = self.practice()
        practice.predict(answer)
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_prediction(practice)

    def hint(self) -> None:
        """Show one more hint."""
        practice = self.practice()
        hints = practice.hint()
        if self.as_json:
            self._print(practice, hints=hints)
        else:
            self.view.show_hints(hints, len(practice.words().hints))

    def solve(self, only_show: bool) -> bool:
        """Show the solution, and run it; return whether the task is done."""
        practice = self.practice()
        commands = practice.solution()
        if not self.as_json:
            self.view.show_commands(commands, practice.scene.values["host"])
        elif only_show:
            self._print(practice, solution=[{one.place: one.text} for one in commands])
        if only_show:
            return True
        results = practice.solve()
        self._show_results(practice, results)
        return all(result.passed for result in results)

    def reset(self, whole: bool) -> None:
        """Restore the state in which the task, or the lesson, starts."""
        practice = self.practice()
        with error_console().status(self.view.word("resetting")):
            practice.forget() if whole else practice.reset()
        self.show_task(practice)

    def next(self) -> None:
        """Go on to the next task, or show that there is none."""
        practice = self.practice()
        with error_console().status(self.view.word("resetting")):
            more = practice.next()
        if self.as_json:
            self._print(practice, more=more)
        elif more:
            self.view.show_task(practice)
        else:
            self.view.show_progress(practice)
            self.view.show_end()

    def show_progress(self) -> None:
        """Show all tasks with their states."""
        practice = self.practice()
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_progress(practice)

    def print_environment(self) -> None:
        """Print the variables of the student's shell as shell commands."""
        environment = dict(self.practice().scene.environment)
        path = environment.pop("PATH", "")
        if self.as_json:
            print(json.dumps({"path": [path], "variables": environment}, indent=2))
            return
        print(f'export PATH={shlex.quote(path)}:"$PATH"')
        for name, value in environment.items():
            print(f"export {name}={shlex.quote(value)}")

    def rehearse(self, names: Sequence[str]) -> bool:
        """Test tasks as a student does them, and show each; return whether all behave as declared."""
        results = rehearse(
            self.practice(), names, None if self.as_json else self.view.show_rehearsed
        )
        if self.as_json:
            rows = [asdict(result) for result in results]
            print(json.dumps({"rehearsed": rows}, indent=2, ensure_ascii=False))
        return not any(result.problems for result in results)

    def end(self) -> None:
        """Remove everything that the practice made."""
        practice = self.practice()
        with error_console().status(self.view.word("ending")):
            practice.end()
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_progress(practice)

    def _show_results(self, practice: Practice, results: Sequence[Result]) -> None:
        if self.as_json:
            words = practice.words().checks
            self._print(
                practice,
                checks=[
                    {
                        "name": one.name,
                        "passed": one.passed,
                        "expected": words.get(one.name, one.name),
                        "seen": one.seen,
                    }
                    for one in results
                ],
            )
        else:
            self.view.show_results(practice, results)

    def _print(self, practice: Practice, **more: Any) -> None:
        """Print the state of the practice as JSON."""
        json.dump({**as_dict(practice), **more}, sys.stdout, indent=2, ensure_ascii=False)
        print()


def as_dict(practice: Practice) -> dict[str, Any]:
    """Return the state of the practice for programs."""
    document: dict[str, Any] = {
        "lesson": practice.scene.lesson,
        "namespace": practice.scene.namespace,
        "task": practice.current,
        "title": practice.words().title,
        "tasks": [],
    }
    for name in (*practice.tasks.tasks, *practice.tasks.puzzles):
        known = practice.record.tasks.get(name, Progress())
        document["tasks"].append(
            {
                "task": name,
                "puzzle": name in practice.tasks.puzzles,
                "state": known.state,
                "checked": known.checked,
                "hints": known.hints,
                "predicted": known.predicted or None,
                "measured": known.measured or None,
            }
        )
    return document
