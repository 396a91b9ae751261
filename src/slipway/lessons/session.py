"""Run the playbooks of lessons one after the other, and print their results."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from slipway.exit_codes import ExitCode
from slipway.lab.format import short_path
from slipway.lab.project import Project
from slipway.lessons.catalogue import Lesson
from slipway.lessons.show import as_dict, show_result
from slipway.output.console import result_console
from slipway.run.outcome import Options
from slipway.run.session import Session


class LessonSession(Session):
    """Runs lessons one after the other; the next one runs although one failed.

    Args:
        lessons: The lessons.
        suffix: Suffix of their evidence, when they are broken on purpose or only checked.
        language: Language of the printed text.
        single: Print all claims, because the user named one lesson.
    """

    continues_after_failure = True

    def __init__(
        self, project: Project, options: Options, lessons: Sequence[Lesson], suffix: str,
        language: str, single: bool,
    ):  # fmt: skip
        super().__init__(project, "lesson", options)
        self.lessons = lessons
        self.suffix = suffix
        self.language = language
        self.single = single
        self.began = time.time()

    def conclude(self) -> int:
        """Print the results; return the exit code."""
        results = [self._result(lesson) for lesson in self.lessons]
        if self.result.code == ExitCode.OK and not all(result["passed"] for result in results):
            self.result.code = ExitCode.FAILED
        if self.options.as_json:
            print(json.dumps({"ok": self.result.code == ExitCode.OK, "lessons": results}, indent=2))
            return self.result.code
        console = result_console()
        for lesson, result in zip(self.lessons, results, strict=True):
            show_result(console, result, lesson.text(self.project, self.language), self.single)
        if self.result.code != ExitCode.OK and self.result.log:
            console.print(f" log  {short_path(self.result.log)}", markup=False, soft_wrap=True)
        return self.result.code

    def _result(self, lesson: Lesson) -> dict[str, Any]:
        evidence = lesson.evidence(self.project, self.suffix)
        if evidence and evidence["began"] < self.began:
            evidence = None  # of an earlier run: this run did not reach its end
        result = as_dict(lesson.name, evidence)
        if not evidence and (mine := [f for f in self.result.failures if f.phase == lesson.name]):
            result["error"] = {"task": mine[0].task, "reason": mine[0].reason}
        return result
