"""Run the lab's kubectl on the lab."""

from __future__ import annotations

import os
import sys

import click

from slipway.commands.options import LabChoice
from slipway.exit_codes import ExitCode
from slipway.launcher import launcher


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def kubectl(arguments: tuple[str, ...]) -> None:
    """Run the lab's kubectl on the lab: kubectl get pods -A."""
    project = LabChoice().project()
    if not project.kubectl.exists() or not project.kubeconfig.exists():
        click.echo(f"slipway: no lab is up; run: {launcher()} up", err=True)
        sys.exit(ExitCode.FAILED)
    tool = str(project.kubectl)
    os.execv(tool, [tool, "--kubeconfig", str(project.kubeconfig), *arguments])
