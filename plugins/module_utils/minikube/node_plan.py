"""Plan the nodes of a profile: their number, state, labels and taints."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import (
    Action,
    Change,
    Refusal,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import Node, Observed
from ansible_collections.slipway.lab.plugins.module_utils.minikube.spec import Desired

# Set by Kubernetes itself, never declared by a user.
SYSTEM_TAINT_PREFIXES = (
    "node.kubernetes.io/",
    "node-role.kubernetes.io/",
    "node.cloudprovider.kubernetes.io/",
)


def is_kubelet_down(node: Node) -> bool:
    """Return whether a node runs without its kubelet."""
    return node.container == "running" and node.machine and node.kubelet not in ("", "Running")


def plan_nodes(desired: Desired, seen: Observed) -> list[Action]:
    """Return the actions that add, start, rebuild and remove nodes.

    Raises:
        Refusal: Control-plane nodes would have to be removed.
    """
    workers = seen.workers
    surplus: list[Node] = []
    if desired.nodes is not None:
        wanted = desired.nodes - (len(seen.nodes) - len(workers))
        if wanted < 0:
            raise Refusal(
                f"nodes: {desired.nodes} is less than the control-plane nodes of {seen.profile}; "
                "only worker nodes can be removed"
            )
        # Broken workers go first, then the youngest.
        by_worth = sorted(workers, key=lambda n: (_broken(n) is None, -workers.index(n)))
        surplus = by_worth[: max(0, len(workers) - wanted)]
        missing = max(0, wanted - len(workers))
    else:
        missing = 0
    actions = [
        Action("remove-node", f"Remove the node {n.name}", n.short, bool(_broken(n)))
        for n in surplus
    ]
    for node in (one for one in workers if one not in surplus):
        broken = _broken(node)
        if broken:
            actions.append(
                Action("rebuild-node", f"Recreate the node {node.name} ({broken})", node.short)
            )
        elif node.registered is False:
            text = f"Register the node {node.name} (it is not a member of the cluster)"
            actions.append(Action("rejoin-node", text, node.short))
    actions += plan_starts(seen, surplus)
    return actions + [
        Action("add-node", f"Add a node ({number} of {missing})", str(len(workers) + number))
        for number in range(1, missing + 1)
    ]


def plan_starts(seen: Observed, without: Sequence[Node] = ()) -> list[Action]:
    """Return the actions that start stopped workers, except those that are named or cannot be repaired by a start."""
    return [
        Action("start-node", f"Start the node {node.name} (it is {node.container})", node.short)
        for node in seen.workers
        if node not in without and not _broken(node) and node.container != "running"
    ]


def plan_upgrade(desired: Desired, seen: Observed, change: Change | None) -> list[Action]:
    """Return the actions that bring the nodes to the declared version: the control plane, then each worker.

    Args:
        desired: Declared state, its Kubernetes version resolved to a full one.
        seen: Observed state of a started profile.
        change: The upgrade of the control plane, if there is one.
    """
    version = desired.kubernetes_version or seen.kubernetes.get("KubernetesVersion")
    actions = (
        [Action("upgrade", f"Upgrade the control plane ({change})", data=change)] if change else []
    )
    for node in seen.workers:
        if not node.registered or node.container != "running" or not node.machine:
            continue
        if node.version != version:
            text = f"Upgrade the node {node.name} ({node.version} -> {version})"
        elif node.drained:
            text = f"Complete the upgrade of the node {node.name}"
        else:
            continue
        actions.append(Action("upgrade-node", text, node.short))
    return actions


def _broken(node: Node) -> str | None:
    """Return why a worker cannot be repaired by starting it, or None.

    Minikube joins a node only when its machine is new (pkg/minikube/node/start.go), and what makes it a
    member of the cluster is in the container. So one without container, or that never joined, stays out.
    """
    if node.container == "missing":
        return "its container is gone"
    if not node.machine:
        return "its machine file is unreadable"
    if node.registered is False and node.container != "running":
        return "it stopped and is not a member of the cluster"
    return None


def plan_metadata(desired: Desired, seen: Observed) -> list[Action]:
    """Return the patches of labels and taints. Other labels stay, other taints are removed.

    Raises:
        Refusal: A declared node does not exist.
    """
    actions = []
    by_name = {n.name: n for n in seen.nodes}
    for name in sorted({*desired.node_labels, *desired.node_taints}):
        node = by_name.get(name)
        if node is None:
            if desired.nodes is None or len(seen.nodes) >= desired.nodes:
                raise Refusal(
                    f"node_labels, node_taints: {name!r} is not a node of {seen.profile}; "
                    f"its nodes are {', '.join(by_name)}"
                )
            continue
        patch = _metadata_patch(desired, node)
        if patch and node.registered:
            actions.append(Action("patch-node", f"Set labels and taints of {name}", name, patch))
    return actions


def _metadata_patch(desired: Desired, node: Node) -> dict:
    labels = {
        k: v for k, v in desired.node_labels.get(node.name, {}).items() if node.labels.get(k) != v
    }
    patch: dict = {"metadata": {"labels": labels}} if labels else {}
    if node.name in desired.node_taints:
        wanted = desired.node_taints[node.name]
        kept = [
            t for t in node.taints if t["key"].startswith(SYSTEM_TAINT_PREFIXES) and t not in wanted
        ]
        own = [t for t in node.taints if t not in kept]
        if _taint_set(own) != _taint_set(wanted):
            patch["spec"] = {"taints": kept + wanted}
    return patch


def _taint_set(taints: list[dict]) -> set[tuple]:
    return {(t["key"], t.get("value", ""), t["effect"]) for t in taints}
