"""Patch the declared fields of a node: scheduling, labels and taints."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MERGE
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import retry_on_conflict
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster


def declared_taints(now: list[dict], declared: list[dict]) -> list[dict]:
    """Return the taints of a node with the declared ones added, changed or removed.

    Args:
        now: The taints of the node.
        declared: The taints of the task. One with ``state: absent`` is removed.
    """
    result = list(now)
    for taint in declared:
        result = [
            t
            for t in result
            if t["key"] != taint["key"] or (taint.get("effect") and t["effect"] != taint["effect"])
        ]
        if taint.get("state") != "absent":
            entry = {"key": taint["key"], "effect": taint["effect"]}
            if taint.get("value"):
                entry["value"] = taint["value"]
            result.append(entry)
    return result


def node_patch(node: dict, params: dict) -> dict:
    """Return a merge patch of the fields that differ from the task; empty when none does."""
    spec, metadata = {}, {}
    state = params.get("state")
    cordoned = bool((node.get("spec") or {}).get("unschedulable"))
    if state and cordoned != (state in ("cordoned", "drained")):
        spec["unschedulable"] = None if cordoned else True
    labels = _changed_labels(node["metadata"].get("labels") or {}, params.get("labels") or {})
    if labels:
        metadata["labels"] = labels
    now = (node.get("spec") or {}).get("taints") or []
    taints = declared_taints(now, params.get("taints") or [])
    if _as_set(now) != _as_set(taints):
        spec["taints"] = taints or None
        # a merge patch replaces the whole list, and must not drop a taint of another client
        metadata["resourceVersion"] = node["metadata"]["resourceVersion"]
    patch = {"spec": spec, "metadata": metadata}
    return {name: fields for name, fields in patch.items() if fields}


def write_node(cluster: Cluster, path: str, node: dict, params: dict) -> dict:
    """Patch a node, and return the node afterwards.

    When another client, such as a kubelet, has modified the node concurrently, the node is read
    and compared again.

    Raises:
        KubeError: The API server refused the patch.
    """
    query = {"fieldManager": field_managers.NODE}
    if cluster.check:
        query["dryRun"] = "All"

    def read_again() -> None:
        nonlocal node
        node = cluster.client.get(path)

    def send() -> dict:
        patch = node_patch(node, params)
        return cluster.client.patch(path, patch, MERGE, **query) if patch else node

    return retry_on_conflict(send, read_again)


def _changed_labels(now: dict, declared: dict) -> dict:
    texts = {name: None if value is None else str(value) for name, value in declared.items()}
    return {name: value for name, value in texts.items() if now.get(name) != value}


def _as_set(taints: list[dict]) -> set[tuple]:
    return {(t["key"], t.get("value") or "", t["effect"]) for t in taints}
