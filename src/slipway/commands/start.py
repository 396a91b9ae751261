"""Start a stopped lab."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.commands.converge import converge
from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import PlaybookCommand, playbook_options, take_choice
from slipway.lab.choice import LabChoice


@click.command(cls=PlaybookCommand, epilog="""\b
Examples:
  ./slipway start
  ./slipway start --lab physics""")  # fmt: skip
@lab_options
@playbook_options
def start(choice: LabChoice, **given: Any) -> None:
    """Start a stopped lab as it was, even after a restart of this machine.

    Checks this machine first, then starts what does not run. Settings and versions stay as they
    are; up changes them.
    """
    given, choice = take_choice(given, choice)
    choice = existing_lab(choice, given["quiet"])
    sys.exit(converge("start", ("start",), True, choice, given))
