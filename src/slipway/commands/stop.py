"""Stop the lab and keep everything."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.commands.converge import converge
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import PlaybookCommand, playbook_options
from slipway.lab.choice import LabChoice


@click.command(cls=PlaybookCommand, epilog="""\b
Examples:
  ./slipway stop
  ./slipway stop --lab physics""")  # fmt: skip
@lab_options
@playbook_options
def stop(choice: LabChoice, **given: Any) -> None:
    """Stop the lab and free its memory. Everything is kept, and start continues.

    A stopped lab stays stopped when this machine starts again.
    """
    sys.exit(converge("stop", ("stop",), False, choice, given))
