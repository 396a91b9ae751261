"""Test the tasks of a lesson, and show how each behaved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.rehearsal import (
    Rehearsed,
    rehearse,
)
from ansible_collections.slipway.lab.plugins.plugin_utils.practice.session import Practice
from slipway.exit_codes import ExitCode
from slipway.lab.phases import FAILED, OK
from slipway.output.console import result_console, signs


def rehearse_lesson(practice: Practice, names: Sequence[str], as_json: bool) -> int:
    """Test tasks as a student does them; return the exit code.

    Args:
        practice: The lesson.
        names: Tasks and puzzles; all without any.
        as_json: Print JSON instead of a line for each task.

    Raises:
        PracticeError: The scene of a task could not be set.
    """
    console = result_console()
    results = rehearse(practice, names, None if as_json else lambda one: show(console, one))
    if as_json:
        print(json.dumps({"rehearsed": [asdict(one) for one in results]}, indent=2))
    return ExitCode.FAILED if any(one.problems for one in results) else ExitCode.OK


def show(console: Console, result: Rehearsed) -> None:
    """Show how a task behaved."""
    sign, style = (FAILED, "bold red") if result.problems else (OK, "green")
    text = Text.assemble(
        " ", (signs(console)[sign], style), f" {result.task}  ",
        (f"{result.wrong} wrong solutions, reset in {result.seconds:.1f} s", "dim"),
    )  # fmt: skip
    console.print(text, soft_wrap=True)
    for problem in result.problems:
        console.print(Padding(Text(problem, "red"), (0, 0, 0, 3), expand=False))
