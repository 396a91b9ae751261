"""Run, check, explain or list lessons, as the flags of the command ask."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slipway.commands.playbook_options import ansible_arguments
from slipway.lab.project import Project
from slipway.launcher import CommandLine
from slipway.lessons.catalogue import choose
from slipway.lessons.explain import explain_lessons
from slipway.lessons.session import LessonSession
from slipway.run.outcome import Options


def run_lessons(
    project: Project, extra_vars: Sequence[str], lines: CommandLine, given: Mapping[str, Any]
) -> int:
    """Run, check, explain or list lessons; return the exit code.

    Args:
        project: The lab.
        extra_vars: Values of ``-e``.
        lines: Writes command lines for the lab.
        given: The other flags of the command by name.

    Raises:
        UsageError: No lesson has such a name.
    """
    chosen = choose(project, given["names"])
    options = Options(
        arguments=_arguments(extra_vars, given),
        as_json=given["as_json"],
        raw=bool(given["verbose"]),
        quiet=given["quiet"],
        lines=lines,
    )
    suffix = (".break" if given["broken"] else "") + (".check" if given["check_only"] else "")
    if given["explain"]:
        return explain_lessons(project, options, chosen)
    single = given["names"] != ("all",) and len(chosen) == 1
    session = LessonSession(project, options, chosen, suffix, given["lang"], single)
    session.run([lesson.playbook for lesson in chosen], preflight=False)
    return session.conclude()


def _arguments(extra_vars: Sequence[str], given: Mapping[str, Any]) -> list[str]:
    variables = {
        "lesson_lang": given["lang"],
        "lesson_break": given["broken"],
        "lesson_keep": given["keep"],
        "lesson_explain": given["explain"],
    }
    arguments = ["-e", json.dumps(variables)]
    arguments += ["--tags", "check"] if given["check_only"] else []
    return arguments + ansible_arguments(extra_vars, {"verbose": given["verbose"]})
