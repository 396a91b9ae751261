"""Run lessons on the lab as demonstrations, and list them."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.commands.existing import existing_lab
from slipway.commands.names import complete_breaks, complete_lessons
from slipway.commands.options import json_option, lab_options, language_option, quiet_option
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway lesson scaling --explain
  ./slipway lesson run all
  ./slipway lesson tutorial --break WHAT""")  # fmt: skip
@click.argument("names", nargs=-1, required=True, metavar="NAME...|all",
                shell_complete=complete_lessons)  # fmt: skip
@lab_options
@click.option("--check-only", is_flag=True, help="Check the current state without changing it.")
@click.option("--keep", is_flag=True, help="Do not clean up at the end.")
@click.option("--explain", is_flag=True,
              help="Before each step, explain it, show the equivalent commands and wait.")  # fmt: skip
@click.option("--break", "broken", metavar="WHAT", default="",
              shell_complete=complete_breaks,
              help="Break something on purpose, so that the lesson fails.")  # fmt: skip
@language_option("Language of the texts.")
@click.option("-v", "--verbose", count=True, help="Show Ansible's output instead of progress.")
@quiet_option
@json_option
def run(choice: LabChoice, **given: Any) -> None:
    """Run lessons on the lab, and check their claims; `run` may be left out.

    A lesson acts on the lab, checks its claims, measures and cleans up. When a claim does not hold,
    the lesson fails and shows what it observed.
    """
    from slipway.lessons.catalogue import choose as refuse_unknown
    from slipway.lessons.run import run_lessons

    if given["explain"] and given["as_json"]:
        raise click.UsageError("--explain needs a terminal; it cannot be combined with --json")
    refuse_unknown(choice.project(), given["names"])
    choice = existing_lab(choice, given["quiet"])
    project = choice.project()
    if not project.kubeconfig.exists():
        raise choice.no_lab()
    sys.exit(run_lessons(project, choice.resolved().extra_vars, choice.lines, given))


@click.command(name="list", epilog="\b\nExample:\n  ./slipway lesson list --lang ko")
@lab_options
@language_option("Language of the texts.")
@json_option
def list_all(choice: LabChoice, lang: str, as_json: bool) -> None:
    """List the lessons, the results of their last runs, and your progress."""
    from slipway.lessons.listing import list_lessons

    choice = choice.existing_or_own()  # lessons can be listed before there is a lab
    sys.exit(list_lessons(choice.project(), lang, as_json))
