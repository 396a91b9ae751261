"""Show the logs of an application, a pod, a node or a host."""

from __future__ import annotations

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options, quiet_option
from slipway.commands.target_names import complete_targets
from slipway.commands.terminal import become
from slipway.lab.choice import LabChoice
from slipway.lab.target_commands import journal, pod_logs
from slipway.lab.targets import APP, HOST, NODE, Target, choose

# A label that no pod has: kubectl shows all pods of a namespace only with a selector.
ALL_PODS = "!slipway.lab/none"


@click.command(epilog="""\b
Examples:
  ./slipway logs -f hello-node
  ./slipway logs kube-system/coredns --tail 20
  ./slipway logs lab1""")  # fmt: skip
@click.option("-f", "--follow", is_flag=True, help="Show new lines as they come, until Ctrl-C.")
@click.option("-n", "--namespace", metavar="NAME", help="Namespace of the pods.")
@click.option("-c", "--container", metavar="NAME", help="One container. [default: all]")
@click.option(
    "-p", "--previous", is_flag=True, help="Show the container that ran before a restart."
)
@click.option("--tail", type=click.IntRange(-1), default=100, show_default=True, metavar="LINES",
              help="Latest lines of each container; -1 for all.")  # fmt: skip
@lab_options
@quiet_option
@click.argument(
    "name", required=False, shell_complete=complete_targets, metavar="[APP|POD|NODE|HOST]"
)
def logs(
    choice: LabChoice, quiet: bool, namespace: str | None, container: str | None, follow: bool,
    previous: bool, tail: int, name: str | None,
) -> None:  # fmt: skip
    """Show the logs of an application, a pod, a node or a host.

    Without a name: those of all pods in the namespace. An application has the name of its
    Deployment, StatefulSet or DaemonSet, and all its pods are shown.
    """
    from slipway.run.lab_status import read_report

    choice = existing_lab(choice, quiet)
    project = choice.project()
    if name is None:
        if not project.kubectl.exists() or not project.kubeconfig.exists():
            raise choice.no_lab()
        target = Target(APP, "", namespace or "default", selector=ALL_PODS)
    else:
        target = choose(project, read_report(project), name, namespace)
    if target.kind in (HOST, NODE):
        become(journal(project, target, follow, tail))
    else:
        become(pod_logs(project, target, follow, tail, container, previous))
