"""Print shell lines that set up a shell for the lab."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from slipway.commands.options import LabChoice


@click.command()
def env() -> None:
    """Print shell lines for ansible-playbook and kubectl: eval "$(./slipway env)"."""
    project = LabChoice().project()
    paths = [str(Path(sys.executable).parent), str(project.kubectl.parent)]
    print(f'export PATH={":".join(map(shlex.quote, paths))}:"$PATH"')
    print(f"export KUBECONFIG={shlex.quote(str(project.kubeconfig))}")
    print(f"export ANSIBLE_CONFIG={shlex.quote(str(project.root / 'ansible.cfg'))}")
