"""Show the lab's status."""

from __future__ import annotations

import sys

import click

from slipway.commands.options import LabChoice, json_option, lab_options
from slipway.launcher import launcher


@click.command()
@lab_options
@click.option("-v", "--verbose", is_flag=True, help="Show Ansible's output.")
@json_option
def status(choice: LabChoice, verbose: bool, as_json: bool) -> None:
    """Show the lab's status. The exit code is 1 when it is not ready."""
    from slipway.run.live_status import inspect_lab

    sys.exit(inspect_lab(choice.project(), choice.extra_vars, verbose, as_json, launcher()))
