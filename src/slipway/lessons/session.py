"""The lesson command: run the playbooks of lessons one after the other, tell what was proved."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from slipway.exit_codes import ExitCode
from slipway.lab.failures import explain
from slipway.lab.format import short_path
from slipway.lab.lock import LabLock
from slipway.lab.phases import Run
from slipway.lab.project import Project
from slipway.lessons.catalogue import Lesson
from slipway.lessons.show import as_dict, show_result
from slipway.output.views import result_console
from slipway.run.playbook_runner import Engine, environment, playbook_command
from slipway.run.session import Options, Session


class LessonSession(Session):
    """Runs lessons, each to its own end.

    :param lessons: the lessons.
    :param suffix: of their evidence, when they are broken on purpose or only checked.
    :param language: of what is printed.
    :param single: one lesson was asked for by name: all its claims are printed.
    """

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

    def _play(self, playbooks: Sequence[str], runs: Sequence[Run], engine: Engine) -> None:
        for name, run in zip(playbooks, runs, strict=True):
            outcome = engine.play(name, self.options.arguments, run)
            self.result.changed += run.changed
            if not outcome.ok:
                self.result.code = ExitCode.INTERRUPTED if outcome.interrupted else ExitCode.FAILED
                root = self.project.root
                self.result.failures += [explain(one, root) for one in run.final_failures]
            if outcome.interrupted:
                return

    def conclude(self) -> int:
        """Tell the results, and return the exit code."""
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
            evidence = None  # of an earlier run: this one did not get so far
        result = as_dict(lesson.name, evidence)
        if not evidence and (mine := [f for f in self.result.failures if f.phase == lesson.name]):
            result["error"] = {"task": mine[0].task, "reason": mine[0].reason}
        return result


def explain_lessons(project: Project, options: Options, lessons: Sequence[Lesson]) -> int:
    """Run lessons by Ansible itself on this terminal, because a person is asked before each step.

    :raises slipway.lab.lock.LabBusyError: another run holds the lab.
    """
    code = ExitCode.OK
    with LabLock(project.state, project.lab, "slipway lesson") as lock:
        variables = {**os.environ, **environment(project, lock.run)}
        variables |= {"ANSIBLE_DISPLAY_OK_HOSTS": "0", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "0"}
        for lesson in lessons:
            command = playbook_command(project, lesson.playbook, options.arguments)
            done = subprocess.run(command, cwd=project.root, env=variables, check=False)
            code = code if done.returncode == 0 else ExitCode.FAILED
    return code
