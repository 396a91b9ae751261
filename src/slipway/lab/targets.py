"""The targets of ``shell`` and ``logs``: hosts, nodes, pods and applications of the lab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.selectors import selector_text
from slipway.errors import UsageError
from slipway.lab.cluster import SECONDS, ClusterError, read_objects
from slipway.lab.project import Project

HOST, NODE, POD, APP = "host", "node", "pod", "application"
CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet")
KINDS = "nodes,pods,deployments.apps,statefulsets.apps,daemonsets.apps"


@dataclass(frozen=True)
class Target:
    """A host, a node, a pod or an application.

    Args:
        kind: One of the constants of this module.
        name: Its name.
        namespace: Namespace of a pod or an application.
        resource: ``TYPE/NAME`` of an application, as kubectl takes it.
        selector: Labels of the pods of an application, as kubectl takes them.
    """

    kind: str
    name: str
    namespace: str = ""
    resource: str = ""
    selector: str = ""

    @property
    def full_name(self) -> str:
        """Return the name with its namespace."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def find_targets(
    project: Project, report: Mapping[str, Any], seconds: int = SECONDS
) -> list[Target]:
    """Return everything that can be named: hosts of the report, and what the cluster has now.

    Args:
        project: The lab.
        report: What the playbooks reported last.
        seconds: Time for the answer of the cluster.

    Raises:
        ClusterError: The cluster does not answer.
    """
    objects = read_objects(project, KINDS, "--all-namespaces", seconds=seconds)
    return [*hosts(report), *(_target(one) for one in objects)]


def hosts(report: Mapping[str, Any]) -> list[Target]:
    """Return the hosts of the lab."""
    return [Target(HOST, str(one["name"])) for one in report.get("hosts", [])]


def choose(project: Project, report: Mapping[str, Any], name: str, namespace: str | None) -> Target:
    """Return the only target of a name. A host needs no cluster.

    Args:
        project: The lab.
        report: What the playbooks reported last.
        name: ``NAME`` or ``NAMESPACE/NAME``.
        namespace: Where to look for pods and applications.

    Raises:
        UsageError: Nothing has the name, or several do.
        ClusterError: The cluster does not answer.
    """
    plain = namespace is None and "/" not in name
    if plain and (found := [one for one in hosts(report) if one.name == name]):
        return found[0]
    try:
        targets = find_targets(project, report)
    except ClusterError as problem:
        names = ", ".join(one.name for one in hosts(report)) or "none"
        problem.next_step = f"hosts that need no cluster: {names}"
        raise
    return _only(targets, name, namespace)


def _only(targets: list[Target], name: str, namespace: str | None) -> Target:
    where = [one for one in targets if namespace is None or one.namespace == namespace]
    found = [one for one in where if name in (one.name, one.full_name)]
    if len(found) == 1:
        return found[0]
    if found:
        named = ", ".join(f"{one.full_name} ({one.kind})" for one in found)
        raise UsageError(f"{name!r} has several meanings: {named}", "add --namespace")
    names = [one.full_name for one in where]
    short = {one.name: one.full_name for one in where}
    close = {short[one] for one in get_close_matches(name.rpartition("/")[2], short)}
    offered = sorted(close) or sorted(names)
    raise UsageError(
        f"nothing in the lab is called {name!r}", f"available: {', '.join(offered) or 'nothing'}"
    )


def _target(found: Mapping[str, Any]) -> Target:
    name, kind = str(found["metadata"]["name"]), str(found["kind"])
    if kind == "Node":
        return Target(NODE, name)
    namespace = str(found["metadata"]["namespace"])
    if kind in CONTROLLERS:
        selector = selector_text(found["spec"].get("selector") or {})
        return Target(APP, name, namespace, f"{kind.lower()}/{name}", selector)
    return Target(POD, name, namespace)
