"""Bring security fixes of the distribution into the images of the lab."""

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
  ./slipway refresh
  ./slipway refresh --with monitoring""")  # fmt: skip
@services_option
@lab_options
@playbook_options
def refresh(choice: LabChoice, services: str | None, **given: Any) -> None:
    """Build all images again with the Debian packages of today, and bring them to the lab.

    The nodes keep their containers and volumes: the control plane and then one worker after another
    take over the new image. A container host keeps its image until `up --replace HOST`.
    """
    choice = replace(choice, extra_vars=(*choice.extra_vars, *service_vars(services)))
    sys.exit(converge("refresh", ("refresh", "site"), True, choice, given))
