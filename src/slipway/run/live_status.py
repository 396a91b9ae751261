"""The status command: ask the lab by its playbook, which changes nothing."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Sequence
from typing import Any

from slipway.exit_codes import ExitCode
from slipway.lab.lock import holder_of
from slipway.lab.project import Project
from slipway.lab.run_state import Run
from slipway.output.console import error_console, result_console
from slipway.output.raw_view import RawView, SilentView
from slipway.output.status import empty_status, read_status, show_status
from slipway.run.playbook_runner import PlaybookRunner


def inspect_lab(
    project: Project,
    extra_vars: Sequence[str],
    verbose: bool,
    as_json: bool,
    launcher: str,
    advice: str,
) -> int:
    """Print the lab's status from live facts; return the exit code.

    :param extra_vars: values of ``-e``.
    :param verbose: show Ansible's output.
    :param as_json: print JSON.
    :param launcher: how the user calls slipway.
    :param advice: what to do when no lab is up.
    """
    console = error_console()
    found = empty_status(project)
    trouble: list[str] = []
    if project.report.exists():
        view = RawView(console) if verbose else SilentView(console)
        run = Run([])
        arguments = [word for value in extra_vars for word in ("-e", value)]
        runner = PlaybookRunner(project, uuid.uuid4().hex, io.StringIO(), view)
        if as_json or verbose:
            outcome = runner.play("status", arguments, run)
        else:
            with console.status("asking the lab"):
                outcome = runner.play("status", arguments, run)
        found = read_status(project) if outcome.ok else found
        trouble = [failure.reason for failure in outcome.failures]
        if not outcome.ok and not trouble:
            trouble = ["playbooks/status.yml failed; see it with --verbose"]
    else:
        trouble = [f"no lab is up; {advice}"]
    _tell(project, found, trouble, as_json, launcher)
    if not project.report.exists():
        return ExitCode.NO_LAB
    return ExitCode.OK if found["ready"] else ExitCode.FAILED


def _tell(
    project: Project, found: dict[str, Any], trouble: list[str], as_json: bool, launcher: str
) -> None:
    holder, alive = holder_of(project.state)
    busy = f"{holder.command} runs since {holder.started}" if holder and alive else ""
    if as_json:
        notes = {"error": "\n".join(trouble) or None, "busy": busy or None}
        print(json.dumps({**found, **notes}, indent=2))
        return
    console = result_console()
    show_status(console, found, launcher)
    for line in [busy, *trouble]:
        if line:
            console.print(f" {line}", markup=False)
