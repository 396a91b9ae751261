"""List the lessons with the results of their last runs."""

from __future__ import annotations

import json
import sys

from slipway.exit_codes import ExitCode
from slipway.lab.project import Project
from slipway.lessons.catalogue import lessons
from slipway.lessons.progress import tasks_done
from slipway.lessons.show import show_list
from slipway.output.console import result_console


def list_lessons(project: Project, language: str, as_json: bool) -> int:
    """Print all lessons and the results of their last runs; return the exit code."""
    every = lessons(project)
    if as_json:
        rows = []
        for lesson in every:
            text, last = lesson.text(project, language), lesson.evidence(project)
            rows.append({"lesson": lesson.name, "title": text.title, "tasks": len(text.tasks),
                         "done": tasks_done(project, lesson.name, text), "claims": len(text.claims),
                         "passed": last["passed"] if last else None})  # fmt: skip
        json.dump({"lessons": rows}, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        show_list(result_console(), project, every, language)
    return ExitCode.OK
