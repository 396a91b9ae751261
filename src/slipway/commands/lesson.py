"""Run lessons on the lab."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.commands.options import LabChoice, lab_options
from slipway.launcher import launcher


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="list|NAME...|all")
@lab_options
@click.option("--check-only", is_flag=True, help="Check the current state without changing it.")
@click.option("--keep", is_flag=True, help="Leave everything as it is at the end.")
@click.option("--explain", is_flag=True,
              help="Stop before each step and show the commands that do the same.")  # fmt: skip
@click.option("--break", "broken", metavar="WHAT", default="",
              help="Break something on purpose, and see the lesson fail.")  # fmt: skip
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en", help="Language of texts.")
@click.option("-v", "--verbose", count=True, help="Show Ansible's output instead of progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def lesson(choice: LabChoice, **given: Any) -> None:
    """Run lessons on the lab: each acts, checks its claims, measures and cleans up.

    list shows them. A lesson that fails names the claim that did not hold, and what was observed.
    """
    from slipway.lessons.run import run_lessons

    if given["explain"] and given["as_json"]:
        raise click.UsageError("--explain needs a terminal; it cannot be combined with --json")
    sys.exit(run_lessons(choice.project(), choice.extra_vars, launcher(), given))
