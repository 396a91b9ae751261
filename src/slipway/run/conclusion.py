"""Print the result of a run, and decide its exit code."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console

from slipway.exit_codes import ExitCode
from slipway.lab.format import duration
from slipway.lab.project import Project
from slipway.output.console import result_console
from slipway.output.status import phase_line, show_status
from slipway.run.failure_report import print_failures
from slipway.run.lab_status import empty_status, read_status
from slipway.run.outcome import Options, Result


def conclude(
    project: Project, command: str, options: Options, result: Result, console: Console
) -> int:
    """Print the result; return the exit code.

    Args:
        project: The lab.
        command: Name of the command.
        options: The user's options.
        result: The result. Its code becomes a failure when no ready lab is reported.
        console: Console for errors.
    """
    console.quiet = False
    status = empty_status(project, options.lines)
    done = not options.check and result.code == ExitCode.OK
    built = done and command in ("up", "start", "rebuild", "refresh")
    written = _read_result(project, options) if done else {}
    if built:
        status = read_status(project, options.lines)
    if result.code != ExitCode.OK:
        print_failures(project, command, options, result, console)
    elif built and not status["ready"] and not options.partial:
        result.code = ExitCode.FAILED
    if options.as_json:
        print(json.dumps({**status, **result.as_dict(), **written}, indent=2))
    elif result.code == ExitCode.OK or built:
        _print_success(command, options, result, status if built else None)
        if "summary" in written:
            print(written["summary"])
    return result.code


def _read_result(project: Project, options: Options) -> dict[str, Any]:
    """Return what the playbook wrote about its result."""
    if not options.result_file:
        return {}
    written: dict[str, Any] = json.loads((project.state / options.result_file).read_text())
    return written


def _print_success(
    command: str, options: Options, result: Result, status: dict[str, Any] | None
) -> None:
    console = result_console()
    if status is not None:
        show_status(console, status, options.lines)
        if not status["ready"]:
            console.print(" the playbooks succeeded, but reported no ready lab")
    verb = "would change" if options.check else "changed"
    console.print(phase_line(result.phases))
    done = {"down": "removed", "stop": "stopped"}.get(command, "done")
    console.print(f" {done} in {duration(result.seconds)}, {result.changed} {verb}")
