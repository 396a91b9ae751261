"""Report why a run failed, and how to continue."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from slipway.exit_codes import ExitCode
from slipway.lab.format import short_path
from slipway.lab.project import Project
from slipway.output.failure import show_failure
from slipway.run.outcome import Options, Result
from slipway.run.playbook_runner import playbook_line
from slipway.run.run_log import error_excerpt


def print_failures(
    project: Project, command: str, options: Options, result: Result, console: Console
) -> None:
    """Print why a run failed, and how to continue.

    Args:
        project: The lab.
        command: Name of the command.
        options: The user's options.
        result: The result of the run.
        console: Console for errors.
    """
    repeated = options.repeated or options.lines.of(command)
    if result.code == ExitCode.UNFIT:
        console.print(" [bold red]not started[/bold red]: nothing was changed\n")
    elif result.code == ExitCode.INTERRUPTED:
        console.print(f" [yellow]interrupted[/yellow]: {repeated} continues from here\n")
    for failure in result.failures:
        assert result.log is not None
        line = playbook_line(project, result.playbook, options.arguments)
        show_failure(console, failure, result.log, repeated, line)
    if result.code == ExitCode.FAILED and not result.failures and result.log:
        _print_excerpt(console, result.log)


def _print_excerpt(console: Console, log: Path) -> None:
    console.print(" [bold red]failed[/bold red] before the first task")
    for line in error_excerpt(log):
        console.print(f"   {line}", markup=False, style="dim", soft_wrap=True)
    console.print(f" log  {short_path(log)}\n", markup=False, soft_wrap=True)
