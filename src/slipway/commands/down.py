"""Remove the lab."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.commands.converge import converge
from slipway.commands.options import LabChoice, lab_options
from slipway.commands.playbook_options import PlaybookCommand, playbook_options


@click.command(cls=PlaybookCommand)
@lab_options
@playbook_options
def down(choice: LabChoice, **given: Any) -> None:
    """Remove the lab. Downloads and builds stay in the cache."""
    sys.exit(converge("down", ("teardown",), False, choice, given))
