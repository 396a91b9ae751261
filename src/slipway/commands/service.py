"""Open a Service of the cluster in a browser, or print its address."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options, quiet_option
from slipway.commands.target_names import complete_services_of_cluster
from slipway.lab import processes
from slipway.lab.choice import LabChoice
from slipway.lab.cluster_services import balancer_urls, find_service, node_urls, tcp_ports, url
from slipway.lab.forward import ADDRESS, Forward


@click.command(epilog="""\b
Examples:
  ./slipway service hello-node
  ./slipway service shop/web --url
  curl "$(./slipway service hello-node --url)\"""")  # fmt: skip
@click.option("-n", "--namespace", metavar="NAME", help="Namespace of the Service.")
@click.option("--url", "only_url", is_flag=True, help="Print the address, and open no browser.")
@lab_options
@quiet_option
@click.argument("name", shell_complete=complete_services_of_cluster, metavar="SERVICE")
def service(
    choice: LabChoice, quiet: bool, namespace: str | None, only_url: bool, name: str
) -> None:
    """Open a Service in a browser. With --url, print its address, one line for each port.

    The address of a load balancer, or a node port that the host publishes, is used where it
    answers. Any other Service is forwarded to loopback until Ctrl-C.
    """
    from slipway.run.lab_status import read_report

    choice = existing_lab(choice, quiet)
    project = choice.project()
    found = find_service(project, name, namespace)
    hosts = read_report(project).get("hosts", [])
    addresses = [str(one["address"]) for one in hosts]
    if urls := balancer_urls(found) or node_urls(found, addresses):
        show(urls, only_url)
        return
    ports = tcp_ports(found)
    metadata = found["metadata"]
    forward = Forward(
        project, metadata["namespace"], metadata["name"], [one["port"] for one in ports]
    )
    ended = processes.signals(lambda *_: sys.exit(0), (signal.SIGTERM, signal.SIGHUP))
    with ended, forward.started() as local:
        urls = [url(port, ADDRESS, mine) for port, mine in zip(ports, local, strict=True)]
        show(urls, only_url)
        if not quiet:
            click.echo("slipway: forwarding until Ctrl-C", err=True)
        for reason in forward.keep():
            click.echo(f"slipway: connecting again: {reason}", err=True)


def show(urls: Iterable[str], only_url: bool) -> None:
    """Print addresses, and open the first one in a browser unless only they are wanted."""
    for number, one in enumerate(urls):
        print(one, flush=True)
        if number == 0 and not only_url:
            click.launch(one)
