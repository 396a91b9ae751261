"""Decide which nodes leave a cluster of kubeadm, and what forbids the replacement of its control planes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_members import parse_members
from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_plan import MEMBERS


def parse_nodes(lines: Iterable[str]) -> dict[str, dict[str, bool]]:
    """Return the nodes of a cluster by name, from lines ``NAME READY OWN UPGRADING CORDONED``.

    One space separates two values, of which some are empty.

    Returns:
        Whether each node is ``ready``, ``own`` (the role made it a node), ``upgrading`` (an upgrade made it
        unschedulable, and did not end) and ``cordoned`` (unschedulable).
    """
    nodes = {}
    for line in lines:
        name, ready, *truths = [*line.split(" "), "", "", "", ""][:5]
        own, upgrading, cordoned = (truth == "true" for truth in truths)
        nodes[name] = {
            "ready": ready == "True",
            "own": own,
            "upgrading": upgrading,
            "cordoned": cordoned,
        }
    return nodes


def departures(
    nodes: Mapping[str, Mapping[str, bool]],
    members: Sequence[str],
    hosts: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> dict[str, list[str]]:
    """Return which nodes leave the cluster.

    Args:
        nodes: The nodes of the cluster (``parse_nodes``).
        members: The names of etcd's members.
        hosts: What was found on each host of the run.
        settings: ``declared`` (the hosts of the groups), ``lost`` (nodes that the user gave up) and ``limited``
            (whether ``--limit`` selects hosts).

    Returns:
        ``forget`` (nodes without a host, taken out before other hosts join), ``leave`` (nodes that work and are drained
        first), ``stay`` and ``problems``.
    """
    result: dict[str, list[str]] = {"forget": [], "leave": [], "stay": [], "problems": []}
    for name in dict.fromkeys([*nodes, *members]):
        node, lost = nodes.get(name), name in settings["lost"]
        if name in settings["declared"]:
            verdict = _declared(hosts.get(name), lost)
        else:
            verdict = _undeclared(node, lost, settings["limited"])
        if verdict in result:
            result[verdict].append(name)
        else:
            result["problems"].append(verdict.format(name=name))
    result["problems"] += [
        f"{name} has the files of a node, and the cluster has no such node: it was removed, or joined after the "
        f"snapshot that was restored. Replace a container host (./slipway up --replace {name}), or reset a server "
        "(kubeadm reset)."
        for name, host in hosts.items()
        if host["member"] in MEMBERS and name not in nodes
    ]
    return result


def replacement_problem(
    answers: Mapping[str, Sequence[str] | None], control_planes: Sequence[str], lost: Sequence[str]
) -> str:
    """Return what forbids the replacement of control planes, before their data are deleted.

    Args:
        answers: What the script ``members`` printed on each host of the run about its own etcd: nothing on a host
            without etcd, ``None`` for a host that does not answer.
        control_planes: The declared control planes.
        lost: The hosts to replace.
    """
    found = {name: parse_members(lines) for name, lines in answers.items() if lines is not None}
    running = {name: one["members"] for name, one in found.items() if one["members"]}
    errors = [f"{name}: {one['error']}" for name, one in found.items() if one["error"]]
    silent = [name for name in control_planes if name not in found]
    if running:
        members = next(iter(running.values()))
        staying = [name for name in running if name not in lost]
        if len(staying) * 2 > len(members):
            return ""
        return (
            f"etcd has {len(members)} members ({', '.join(members)}), and only {len(staying)} that work would stay: "
            "the data of the cluster would be lost. Replace one control plane after the other, or remove the whole "
            "cluster: ./slipway down. With --limit, include all control planes."
        )
    if errors:
        return (
            f"etcd does not work ({'; '.join(errors)}), and the hosts to replace may have the last data. Start the "
            "control planes that are off. If most of them are lost for good, restore a snapshot on the others first: "
            "./slipway etcd restore FILE."
        )
    if silent:
        return (
            f"{', '.join(silent)} cannot be reached, and no other control plane has the data of etcd. Start the "
            "hosts (./slipway start), and include all control planes in --limit."
        )
    return ""


def _declared(host: Mapping[str, Any] | None, lost: bool) -> str:
    if host is None:
        return "stay"  # It did not answer, or --limit leaves it out.
    if host["member"] == "none":
        return "forget" if lost else REPLACED
    return STILL_THERE if lost and host["member"] in MEMBERS else "stay"


def _undeclared(node: Mapping[str, bool] | None, lost: bool, limited: bool) -> str:
    ready = bool(node and node["ready"])
    if lost:
        return "leave" if ready else "forget"
    if limited or (node and not node["own"]):
        return "stay"
    return "leave" if ready else NOT_READY


REPLACED = (
    "{name} is a node of the cluster, and its host has nothing of it: the host was made or installed again. If the old "
    "one is lost for good, replace it: ./slipway up --replace {name} (ansible-playbook: "
    '-e \'{{"kubernetes_lost": ["{name}"]}}\').'
)
STILL_THERE = (
    "{name} is to be replaced, and its host still has the node. Install the host again first, or reset it there "
    "(kubeadm reset). If it is not to be replaced, take it out of kubernetes_lost."
)
NOT_READY = (
    "{name} left the groups of the inventory, and its node is not ready, so it cannot be drained. Start its host and "
    'repeat this. If it is lost for good, name it: -e \'{{"kubernetes_lost": ["{name}"]}}\'.'
)
