"""Create the lab, or bring it to its declared state."""

from __future__ import annotations

import json
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
  ./slipway up
  ./slipway up --with monitoring,logging
  ./slipway up --replace lab1
  ./slipway up --nodes 3 --memory 4g
  ./slipway up -i ~/my-lab --limit web1 -- --forks 20""")  # fmt: skip
@services_option
@click.option(
    "--replace",
    "replaced",
    multiple=True,
    metavar="HOST",
    help="Replace a container host and delete its data, to renew its image and settings.",
)
@click.option(
    "--nodes", type=click.IntRange(1), metavar="N", help="Number of nodes: -e minikube_nodes=N."
)
@click.option("--cpus", metavar="C", help="CPUs of each node of a new cluster: -e minikube_cpus=C.")
@click.option(
    "--memory",
    metavar="M",
    help="Memory of each node of a new cluster, such as 4g: -e minikube_memory=M.",
)
@lab_options
@playbook_options
def up(
    choice: LabChoice,
    services: str | None,
    replaced: tuple[str, ...],
    nodes: int | None,
    cpus: str | None,
    memory: str | None,
    **given: Any,
) -> None:
    """Create the lab, or bring it to its declared state.

    Checks this machine, then runs playbooks/site.yml. A part that already has its declared state is
    not changed, so the command can be repeated at any time, for example after an interruption. It
    removes no host and no data unless --replace names the host. Only a host that left the groups of
    a cluster of kubeadm also leaves the cluster.
    """
    wanted = {
        "lab_hosts_replace": list(replaced),
        "minikube_nodes": nodes,
        "minikube_cpus": cpus,
        "minikube_memory": memory,
    }
    more = [json.dumps({name: value}) for name, value in wanted.items() if value]
    choice = replace(choice, extra_vars=(*choice.extra_vars, *service_vars(services), *more))
    sys.exit(converge("up", ("site",), True, choice, given))
