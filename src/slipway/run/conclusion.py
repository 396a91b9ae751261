"""Print the result of a run, and decide its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console

from slipway.exit_codes import ExitCode
from slipway.lab.format import duration, short_path
from slipway.lab.project import Project
from slipway.output.console import result_console
from slipway.output.status import (
    empty_status,
    phase_line,
    read_status,
    show_failure,
    show_status,
)
from slipway.run.outcome import Options, Result
from slipway.run.playbook_runner import resume_line
from slipway.run.run_log import error_excerpt


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
    status = empty_status(project)
    built = command != "down" and not options.check and result.code == ExitCode.OK
    if built:
        status = read_status(project)
    if result.code != ExitCode.OK:
        _print_failures(project, command, options, result, console)
    elif built and not status["ready"] and not options.partial:
        result.code = ExitCode.FAILED
    if options.as_json:
        print(json.dumps({**status, **result.as_dict()}, indent=2))
    elif result.code == ExitCode.OK or built:
        _print_success(command, options, result, status if built else None)
    return result.code


def _print_failures(
    project: Project, command: str, options: Options, result: Result, console: Console
) -> None:
    repeated = f"{options.launcher} {command}"
    if result.code == ExitCode.UNFIT:
        console.print(" [bold red]not started[/bold red]: nothing was changed\n")
    elif result.code == ExitCode.INTERRUPTED:
        console.print(f" [yellow]interrupted[/yellow]: {repeated} continues from here\n")
    for failure in result.failures:
        assert result.log is not None
        resume = resume_line(project, options.arguments, failure.task)
        show_failure(console, failure, result.log, repeated, resume)
    if result.code == ExitCode.FAILED and not result.failures and result.log:
        _print_excerpt(console, result.log)


def _print_excerpt(console: Console, log: Path) -> None:
    console.print(" [bold red]failed[/bold red] before the first task")
    for line in error_excerpt(log):
        console.print(f"   {line}", markup=False, style="dim", soft_wrap=True)
    console.print(f" log  {short_path(log)}\n", markup=False, soft_wrap=True)


def _print_success(
    command: str, options: Options, result: Result, status: dict[str, Any] | None
) -> None:
    console = result_console()
    if status is not None:
        show_status(console, status, options.launcher)
        if not status["ready"]:
            console.print(" the playbooks succeeded, but reported no ready lab")
    verb = "would change" if options.check else "changed"
    console.print(phase_line(result.phases))
    done = {"down": "removed"}.get(command, "done")
    console.print(f" {done} in {duration(result.seconds)}, {result.changed} {verb}")
