"""Complete the names of hosts, nodes, pods, applications and Services in shells."""

from __future__ import annotations

import os

import click

from slipway.lab.choice import LabChoice
from slipway.lab.cluster import ClusterError, read_objects
from slipway.lab.targets import find_targets, hosts
from slipway.run.lab_status import read_report


def complete_targets(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the hosts, nodes, pods and applications of the lab; the hosts alone without its cluster."""
    project = LabChoice(os.environ, lab=ctx.params.get("lab")).project()
    report = read_report(project)
    namespace = ctx.params.get("namespace")
    try:
        targets = find_targets(project, report, seconds=2)
    except ClusterError:
        targets = hosts(report)
    names = {one.name for one in targets if namespace in (None, one.namespace)}
    full = {one.full_name for one in targets if namespace is None and "/" in incomplete}
    return [name for name in sorted(names | full) if name.startswith(incomplete)]


def complete_services_of_cluster(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[str]:
    """Return the Services of the cluster; none while it does not answer."""
    project = LabChoice(os.environ, lab=ctx.params.get("lab")).project()
    namespace = ctx.params.get("namespace")
    try:
        found = [one["metadata"] for one in read_objects(project, "services", "-A", seconds=2)]
    except ClusterError:
        return []
    names = {one["name"] for one in found if namespace in (None, one["namespace"])}
    full = {f"{one['namespace']}/{one['name']}" for one in found if "/" in incomplete}
    return [name for name in sorted(names | full) if name.startswith(incomplete)]
