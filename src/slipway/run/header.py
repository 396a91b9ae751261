"""The first lines of a run."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from slipway import __version__
from slipway.lab.format import count, short_path
from slipway.lab.lock import LabLock
from slipway.run.playbook_runner import end_run


def print_header(console: Console, command: str, lock: LabLock, playbook: str, log: Path) -> None:
    """Print the command, its playbook and its log, and end the processes of a run that was killed.

    Args:
        console: Where to print.
        command: Name of the command.
        lock: The lock on the lab, which names the holder that died.
        playbook: The equivalent ansible-playbook command.
        log: The log file.
    """
    lab = f'lab "{lock.lab}"'
    console.print(f" [bold]slipway {command}[/bold]  [dim]{__version__}  {lab}[/dim]")
    for line in (playbook, f"log: {short_path(log)}"):
        console.print(f" {line}", style="dim", markup=False, soft_wrap=True)
    if lock.dead:
        ended = end_run(lock.dead.run)
        rest = f" Its {count(ended, 'process', 'processes')} ended." if ended else ""
        console.print(
            f" [yellow]{lock.dead.command} of {lock.dead.started} was cut off.[/yellow]{rest}"
            " This run continues from there."
        )
    console.print()
