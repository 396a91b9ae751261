"""Open a shell on a host, on a node or in a pod, or run a program there."""

from __future__ import annotations

import sys

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options, quiet_option
from slipway.commands.target_names import complete_targets
from slipway.commands.terminal import become, has_terminal, run_reading_errors
from slipway.lab.choice import LabChoice
from slipway.lab.target_commands import program
from slipway.lab.targets import HOST, NODE, choose

# The words of a container runtime that does not find a program.
NO_SHELL = "executable file not found"


@click.command(epilog="""\b
Examples:
  ./slipway shell lab1
  ./slipway shell minikube-m02 -- crictl ps
  ./slipway shell hello-node -n default
  echo SELECT 1 | ./slipway shell shop/db-0 -- psql""")  # fmt: skip
@click.option("-n", "--namespace", metavar="NAME", help="Namespace of the pod or application.")
@click.option("-c", "--container", metavar="NAME", help="Container of the pod.")
@lab_options
@quiet_option
@click.argument("name", shell_complete=complete_targets, metavar="HOST|NODE|POD|APP")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND]")
def shell(
    choice: LabChoice, quiet: bool, namespace: str | None, container: str | None, name: str,
    words: tuple[str, ...],
) -> None:  # fmt: skip
    """Open a shell on a host, on a node, or in a pod. With -- COMMAND, run that instead.

    On a host, this is the user that Ansible logs in as. On a node, it is root. An application
    stands for one of its pods: the name of a Deployment, StatefulSet or DaemonSet.
    """
    from slipway.run.lab_status import read_report

    project = existing_lab(choice, quiet).project()
    target = choose(project, read_report(project), name, namespace)
    command = program(project, target, words, has_terminal(), container)
    if words or target.kind in (HOST, NODE):
        become(command)
        return
    code, said = run_reading_errors(command)
    if NO_SHELL in said:
        click.echo(
            f"slipway: {target.full_name} has no shell; run a program of its image with -- COMMAND",
            err=True,
        )
    sys.exit(code)
