"""Remove the lab."""

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
  ./slipway down
  ./slipway down --lab physics""")  # fmt: skip
@lab_options
@playbook_options
def down(choice: LabChoice, **given: Any) -> None:
    """Remove the lab. Downloads and builds stay in the cache."""
    sys.exit(converge("down", ("teardown",), False, choice, given))
