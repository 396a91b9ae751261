"""A student's desk: the current task of the lesson that was started, acted on and shown."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.checks import Result
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.stage import (
    end_practice,
    next_task,
    reset_task,
    restart_lesson,
)
from slipway.launcher import CommandLine
from slipway.lessons.practice_state import as_dict
from slipway.lessons.task_view import TaskView
from slipway.output.console import error_console, result_console

WATCH_PAUSE = 1.0


class Desk:
    """Acts for the student, and shows the result on this terminal, or as JSON.

    Args:
        practice: The lesson that was started.
        lines: Writes command lines for the lab.
        language: Language of the words around the texts.
        as_json: Print JSON.
    """

    def __init__(self, practice: Practice, lines: CommandLine, language: str, as_json: bool):
        self.practice = practice
        self.as_json = as_json
        self.view = TaskView(result_console(), language, lines)

    def show_task(self) -> None:
        """Show the current task."""
        practice = self.practice
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_task(practice)

    def check(self, seconds: float) -> bool:
        """Check the current task, and show the outcome; return whether it is done."""
        practice = self.practice
        results = practice.check(seconds)
        self._show_results(practice, results)
        return all(result.passed for result in results)

    def watch(self) -> None:
        """Check until the task is done, and show each change."""
        practice = self.practice
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
        practice = self.practice
        practice.predict(answer)
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_prediction(practice)

    def hint(self) -> None:
        """Show one more hint."""
        practice = self.practice
        hints = practice.hint()
        if self.as_json:
            self._print(practice, hints=hints)
        else:
            self.view.show_hints(hints, len(practice.words().hints))

    def solve(self, only_show: bool) -> bool:
        """Show the solution, and run it; return whether the task is done."""
        practice = self.practice
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
        practice = self.practice
        with error_console().status(self.view.word("resetting")):
            restart_lesson(practice) if whole else reset_task(practice)
        self.show_task()

    def next(self) -> None:
        """Continue with the next task, or end the course."""
        practice = self.practice
        with error_console().status(self.view.word("resetting")):
            more = next_task(practice)
        if self.as_json:
            self._print(practice, more=more)
        elif more:
            self.view.show_task(practice)
        else:
            self.view.show_progress(practice)
            self.view.show_end()

    def show_progress(self) -> None:
        """Show all tasks with their states."""
        practice = self.practice
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_progress(practice)

    def end(self) -> None:
        """Remove everything that the practice made."""
        practice = self.practice
        with error_console().status(self.view.word("ending")):
            end_practice(practice)
        if self.as_json:
            self._print(practice)
        else:
            self.view.show_progress(practice)

    def _show_results(self, practice: Practice, results: Sequence[Result]) -> None:
        if self.as_json:
            words = practice.words().checks
            self._print(practice, checks=[one.as_dict(words) for one in results])
        else:
            self.view.show_results(practice, results)
        if practice.unpublished:
            error_console().print(
                f" {self.view.word('unpublished', reason=practice.unpublished)}", markup=False
            )

    def _print(self, practice: Practice, **more: Any) -> None:
        """Print the state of the practice as JSON."""
        json.dump({**as_dict(practice), **more}, sys.stdout, indent=2, ensure_ascii=False)
        print()
