"""Show the lab's status."""

from __future__ import annotations

import sys

import click

from slipway.commands.options import json_option, lab_options
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway status
  ./slipway status --lab physics --json""")  # fmt: skip
@lab_options
@click.option("-v", "--verbose", is_flag=True, help="Show Ansible's output.")
@json_option
def status(choice: LabChoice, verbose: bool, as_json: bool) -> None:
    """Show the lab's status. The exit code is 1 when it is not ready, 4 without a lab."""
    from slipway.run.live_status import inspect_lab

    choice = choice.existing_or_own()  # "no lab" is a status, too
    extra_vars = choice.resolved().extra_vars
    advice = choice.no_lab().next_step
    project = choice.project()
    sys.exit(inspect_lab(project, extra_vars, verbose, as_json, choice.lines, advice))
