"""Run, check, explain or list lessons, as the flags of the command ask."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from slipway.commands.playbook_options import ansible_arguments
from slipway.exit_codes import ExitCode
from slipway.lab.lock import LabBusyError
from slipway.lab.project import Project
from slipway.lessons.catalogue import choose, lessons
from slipway.lessons.session import LessonSession, explain_lessons
from slipway.lessons.show import show_list
from slipway.output.views import result_console
from slipway.run.session import Options


def run_lessons(
    project: Project, extra_vars: Sequence[str], launcher: str, given: Mapping[str, Any]
) -> int:
    """Run, check, explain or list lessons; return the exit code.

    Args:
        project: The lab.
        extra_vars: Values of ``-e``.
        launcher: How the user calls slipway.
        given: The other flags of the command by name.

    Raises:
        UsageError: No lesson has such a name.
    """
    if given["names"] == ("list",):
        return _list(project, given["lang"], given["as_json"])
    chosen = choose(project, given["names"])
    if not project.kubeconfig.exists():
        click.echo(f"slipway: no lab is up; run: {launcher} up", err=True)
        return ExitCode.FAILED
    options = Options(
        arguments=_arguments(extra_vars, given),
        as_json=given["as_json"],
        raw=bool(given["verbose"]),
        launcher=launcher,
    )
    suffix = (".break" if given["broken"] else "") + (".check" if given["check_only"] else "")
    single = given["names"] != ("all",) and len(chosen) == 1
    try:
        if given["explain"]:
            return explain_lessons(project, options, chosen)
        session = LessonSession(project, options, chosen, suffix, given["lang"], single)
        session.run([lesson.playbook for lesson in chosen], preflight=False)
        return session.conclude()
    except LabBusyError as busy:
        click.echo(f"slipway: {busy}; no lesson was begun", err=True)
        return ExitCode.UNFIT
    except KeyboardInterrupt:
        click.echo("slipway: interrupted", err=True)
        return ExitCode.INTERRUPTED


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


def _list(project: Project, language: str, as_json: bool) -> int:
    every = lessons(project)
    if as_json:
        rows = []
        for lesson in every:
            text, last = lesson.text(project, language), lesson.evidence(project)
            rows.append({"lesson": lesson.name, "title": text.title, "claims": len(text.claims),
                         "passed": last["passed"] if last else None})  # fmt: skip
        json.dump({"lessons": rows}, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        show_list(result_console(), project, every, language)
    return ExitCode.OK
