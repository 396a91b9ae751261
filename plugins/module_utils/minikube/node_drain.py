"""Drain a node of a profile before it is upgraded or removed.

Pods are evicted, so PodDisruptionBudgets are respected. A host of a profile needs no Kubernetes library for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ansible_collections.slipway.lab.plugins.module_utils.common.drain_filters import filter_pods
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import NodeInUseError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import ApiError, NodeApi

# Marks a node that an upgrade made unschedulable, so that a later run makes it schedulable again.
DRAINED = "slipway/drained-for-upgrade"
# Seconds until the pods of a node must be evicted. Budgets can make them wait.
DRAIN_SECONDS = 300
RETRY_SECONDS = 1


def is_drained(node: dict) -> bool:
    """Return whether an upgrade drained a Node object and did not end."""
    return DRAINED in (node["metadata"].get("annotations") or {})


@contextmanager
def drained(
    api: NodeApi, name: str, seconds: float, report: Callable[[str], None]
) -> Iterator[list[str]]:
    """Keep a node free of pods, and make it schedulable again unless the work on it fails.

    Pods that would lose data stay on the node: those without a controller, and those with an emptyDir.

    Args:
        api: The API of the profile.
        name: The node.
        seconds: The time that is left.
        report: Receives a line for each pod that has to wait.

    Yields:
        Why pods stayed on the node.

    Raises:
        NodeInUseError: A budget does not permit an eviction in time.
    """
    node = api.nodes()[name]
    if not is_drained(node) and not (node.get("spec") or {}).get("unschedulable"):
        _cordon(api, name, True)
    pods, _skipped, staying = filter_pods(
        _pods(api, name), {"force": False, "delete_empty_dir": False}
    )
    _evict(api, name, pods, min(seconds, DRAIN_SECONDS), report)
    yield staying
    if is_drained(api.nodes()[name]):
        _cordon(api, name, False)


def empty(api: NodeApi, name: str, seconds: float, report: Callable[[str], None]) -> None:
    """Evict all pods of a node that is removed, after a check that nothing is lost with the node.

    Args:
        api: The API of the profile.
        name: The node.
        seconds: The time that is left.
        report: Receives a line for each pod that has to wait.

    Raises:
        NodeInUseError: The node has volumes or pods that would be lost, or a budget does not permit an eviction in
            time.
    """
    pods, _skipped, refused = filter_pods(
        _pods(api, name), {"force": False, "delete_empty_dir": True}
    )
    lost = [*_volumes(api, name), *refused]
    if lost:
        raise NodeInUseError(
            f"{name} cannot be removed without a loss: {'; '.join(lost)}. Move or delete them first"
        )
    _cordon(api, name, True)
    _evict(api, name, pods, min(seconds, DRAIN_SECONDS), report)


def _cordon(api: NodeApi, name: str, on: bool) -> None:
    patch = {
        "metadata": {"annotations": {DRAINED: "true" if on else None}},
        "spec": {"unschedulable": on or None},
    }
    api.patch_node(name, patch)


def _pods(api: NodeApi, name: str) -> list[dict]:
    return api.request("GET", f"/api/v1/pods?fieldSelector=spec.nodeName%3D{name}")["items"]


def _volumes(api: NodeApi, name: str) -> list[str]:
    """Return the claims whose volumes are on a node."""
    found = []
    for volume in api.request("GET", "/api/v1/persistentvolumes")["items"]:
        spec = volume.get("spec") or {}
        terms = ((spec.get("nodeAffinity") or {}).get("required") or {}).get(
            "nodeSelectorTerms"
        ) or []
        values = {
            value
            for term in terms
            for expression in term.get("matchExpressions") or []
            for value in expression.get("values") or []
        }
        if values == {name}:
            claim = spec.get("claimRef") or {}
            found.append(f"the volume of the claim {claim.get('namespace')}/{claim.get('name')}")
    return found


def _evict(
    api: NodeApi, node: str, pods: list[dict], seconds: float, report: Callable[[str], None]
) -> None:
    """Evict pods, and wait until the node has none of them."""
    end = time.monotonic() + seconds
    waiting = {pod["metadata"]["uid"]: pod for pod in pods}
    reported: dict[str, str] = {}
    while waiting:
        reasons = {_name(pod): _request_eviction(api, pod) for pod in waiting.values()}
        for name, reason in reasons.items():
            if reason and reported.get(name) != reason:
                report(f"{name} has to wait: {reason}")
        reported = reasons
        left = {pod["metadata"]["uid"]: pod for pod in _pods(api, node)}
        waiting = {uid: left[uid] for uid in waiting if uid in left}
        if waiting and time.monotonic() > end:
            causes = [
                f"{_name(pod)} ({reported.get(_name(pod)) or 'it does not end'})"
                for pod in waiting.values()
            ]
            raise NodeInUseError(
                f"{node} was not drained within {seconds:.0f} s: {'; '.join(causes)}. Nothing else was changed on the "
                "node; permit the eviction and run the task again"
            )
        if waiting:
            time.sleep(RETRY_SECONDS)


def _request_eviction(api: NodeApi, pod: dict) -> str:
    """Evict a pod; return why it has to wait, empty when it ends or is gone."""
    metadata = pod["metadata"]
    if metadata.get("deletionTimestamp"):
        return ""
    body = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
        "deleteOptions": {"preconditions": {"uid": metadata["uid"]}},
    }
    path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/eviction"
    try:
        api.request("POST", path, body)
    except ApiError as error:
        if error.status not in (404, 409):
            if error.status != 429:
                raise
            return error.reason
    return ""


def _name(pod: dict) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
