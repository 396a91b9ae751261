"""Remove the lab and create it again."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click

from slipway.commands.converge import converge
from slipway.commands.options import lab_options, service_vars, services_option
from slipway.commands.playbook_options import PlaybookCommand, playbook_options
from slipway.lab.choice import LabChoice


@click.command(cls=PlaybookCommand, epilog="""\b
Examples:
  ./slipway rebuild
  ./slipway rebuild --with registry""")  # fmt: skip
@services_option
@lab_options
@playbook_options
def rebuild(choice: LabChoice, services: str | None, **given: Any) -> None:
    """Remove the lab and create it again from the cache."""
    choice = replace(choice, extra_vars=(*choice.extra_vars, *service_vars(services)))
    sys.exit(converge("rebuild", ("teardown", "site"), True, choice, given))
