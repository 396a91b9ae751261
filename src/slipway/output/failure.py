"""A failed task, for the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from slipway.lab.failures import Explanation
from slipway.lab.format import short_path


def show_failure(
    console: Console, explanation: Explanation, log: Path, command: str, line: str
) -> None:
    """Print what failed and what to do; nothing else."""
    steps = [explanation.next_step] if explanation.next_step else []
    rows = (
        ("host", explanation.host, ""),
        ("task", f"{explanation.task}\n{explanation.where}", ""),
        ("reason", explanation.reason, "red"),
        ("next", "\n".join([*steps, f"{command}   continues from here"]), ""),
        ("or", line, "dim"),
        ("log", short_path(log), ""),
    )
    where = explanation.phase or "the playbook"
    console.print(Text.assemble("\n ", ("failed", "bold red"), f" in {where}"))
    for name, text, style in rows:
        # No wrapping: paths and commands are there to be copied.
        for number, part in enumerate(text.splitlines() or [""]):
            label = Text(f"   {'' if number else name:<8}", "dim")
            console.print(label.append(part, style or "not dim"), soft_wrap=True)
    console.print()
