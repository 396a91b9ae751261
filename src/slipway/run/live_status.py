"""The status command: ask the lab by its playbook, which changes nothing."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Sequence
from typing import Any

from slipway.exit_codes import ExitCode
from slipway.lab.failures import explain
from slipway.lab.lock import holder_of
from slipway.lab.phases import Run, plan
from slipway.lab.project import Project
from slipway.output.status import empty_status, read_status, show_status
from slipway.output.views import RawView, View, error_console, result_console
from slipway.run.playbook_runner import Engine


class _Quiet(RawView):
    """Shows nothing: a status takes a moment only."""

    def output(self, text: str) -> None:
        """Nothing."""


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
        view: View = RawView(console) if verbose else _Quiet(console)
        run = Run(plan(project.playbook("status")))
        arguments = [word for value in extra_vars for word in ("-e", value)]
        engine = Engine(project, uuid.uuid4().hex, io.StringIO(), view)
        if as_json or verbose:
            outcome = engine.play("status", arguments, run)
        else:
            with console.status("asking the lab"):
                outcome = engine.play("status", arguments, run)
        found = read_status(project) if outcome.ok else found
        trouble = [explain(one, project.root).reason for one in run.final_failures]
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
