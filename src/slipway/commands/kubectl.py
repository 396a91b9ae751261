"""Run the lab's kubectl on the lab."""

from __future__ import annotations

import os

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options, quiet_option
from slipway.commands.pass_through import PassThroughCommand
from slipway.lab.choice import LabChoice


@click.command(cls=PassThroughCommand, epilog="""\b
Examples:
  ./slipway kubectl get pods -A
  ./slipway kubectl --lab physics get nodes
  ./slipway kubectl get --help""")  # fmt: skip
@lab_options
@quiet_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="ARGUMENTS...")
def kubectl(choice: LabChoice, quiet: bool, arguments: tuple[str, ...]) -> None:
    """Run the lab's kubectl on the lab.

    Options of Slipway go before the first argument of kubectl.
    """
    choice = existing_lab(choice, quiet)
    project = choice.project()
    if not project.kubectl.exists() or not project.kubeconfig.exists():
        raise choice.no_lab()
    tool = str(project.kubectl)
    os.execv(tool, [tool, "--kubeconfig", str(project.kubeconfig), *arguments])
