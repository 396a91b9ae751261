"""Print the live status of a lab, which its playbook reads without a change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from slipway.exit_codes import ExitCode
from slipway.lab.lock import holder_of
from slipway.lab.project import Project
from slipway.launcher import CommandLine
from slipway.output.console import result_console
from slipway.output.status import show_status
from slipway.run.lab_status import empty_status, read_status
from slipway.run.reading import run_quietly


def inspect_lab(
    project: Project,
    extra_vars: Sequence[str],
    verbose: bool,
    as_json: bool,
    lines: CommandLine,
    advice: str,
) -> int:
    """Print the lab's status from live facts; return the exit code.

    Args:
        project: The lab.
        extra_vars: Values of ``-e``.
        verbose: Show Ansible's output.
        as_json: Print JSON.
        lines: Writes command lines for the lab.
        advice: The next step when no lab is up.
    """
    if not project.report.exists():
        status = {**empty_status(project, lines), "error": f"no lab is up; {advice}"}
        code = ExitCode.NO_LAB
    else:
        trouble = run_quietly(project, "status", extra_vars, verbose, as_json)
        read = empty_status if trouble else read_status
        status = {**read(project, lines), "error": trouble or None}
        code = ExitCode.OK if status["ready"] else ExitCode.FAILED
    holder, alive = holder_of(project.state)
    status["busy"] = f"{holder.command} runs since {holder.started}" if holder and alive else None
    _print(status, as_json, lines, code)
    return code


def _print(status: dict[str, Any], as_json: bool, lines: CommandLine, code: int) -> None:
    if as_json:
        print(json.dumps(status, indent=2))
        return
    console = result_console()
    if code == ExitCode.NO_LAB:
        console.print(f' no lab   "{status["lab"]}"', markup=False)
    else:
        show_status(console, status, lines)
    for line in (status["busy"], status["error"]):
        if line:
            console.print(f" {line}", markup=False)
