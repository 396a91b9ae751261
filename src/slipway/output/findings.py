"""Findings of the preflight, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slipway.doctor.findings import ERROR, OK, WARNING, Finding
from slipway.lab.format import count
from slipway.output.console import result_console

LEVEL_STYLES = {OK: "green", WARNING: "yellow", ERROR: "bold red"}


def print_findings(findings: Sequence[Finding], conclusion: str) -> None:
    """Print findings as the result of a command, with a conclusion."""
    console = result_console()
    show_findings(console, findings)
    console.print(f"\n {findings_summary(findings)}: {conclusion}")


def show_findings(console: Console, findings: Iterable[Finding]) -> None:
    """Print findings, one a line, each with its remedy below."""
    table = Table.grid(padding=(0, 2), expand=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        level = Text(finding.level, LEVEL_STYLES[finding.level])
        text = Text(finding.message)
        if finding.remedy:
            text.append(f"\n{finding.remedy}", "dim")
        table.add_row(level, finding.check, text)
    console.print(Padding(table, (0, 0, 0, 1), expand=False))


def findings_summary(findings: Sequence[Finding]) -> str:
    """Return ``19 checks, 1 warning``."""
    words = [count(len(findings), "check")]
    for level in (WARNING, ERROR):
        if number := sum(finding.level == level for finding in findings):
            words.append(count(number, level))
    return ", ".join(words)
