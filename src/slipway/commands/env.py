"""Print shell commands that set up a shell for the lab."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import click

from slipway.commands.options import json_option, lab_options
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  eval "$(./slipway env)"
  eval "$(./slipway env --lab physics)\"""")  # fmt: skip
@lab_options
@json_option
def env(choice: LabChoice, as_json: bool) -> None:
    """Print shell commands that set up ansible-playbook and kubectl."""
    choice = choice.existing_or_own()  # the lines also serve to create the lab
    project = choice.project()
    paths = [str(Path(sys.executable).parent), str(project.kubectl.parent)]
    variables = {
        "KUBECONFIG": str(project.kubeconfig),
        "ANSIBLE_CONFIG": str(project.root / "ansible.cfg"),
    }
    if as_json:
        print(json.dumps({"lab": project.lab, "path": paths, "variables": variables}, indent=2))
        return
    print(f'export PATH={":".join(map(shlex.quote, paths))}:"$PATH"')
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
