"""Drain a node with the eviction API, which respects PodDisruptionBudgets."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until

# the API offers nothing to watch for: this is how long to wait before the next eviction
RETRY_SECONDS = 1.0


def evict(
    client: KubeClient,
    pods: list[dict],
    grace: int | None,
    deadline: Deadline,
    progress: Callable[[str], None],
) -> None:
    """Evict pods and wait until they are deleted.

    Args:
        client: Sends the requests.
        pods: The pods.
        grace: Seconds that a pod may take to end, or None for its own setting.
        deadline: When waiting for budgets and pods ends.
        progress: Receives a line for each pod that has to wait or was deleted.

    Raises:
        KubeError: Pods remain. The text names the budgets that block them.
    """

    def evict_one(pod: dict) -> None:
        if _request_eviction(client, pod, grace, deadline, progress):
            _wait_until_deleted(client, pod, deadline)
            progress(f"{_name(pod)} is deleted")

    errors = [e for e in client.parallel(evict_one, pods) if isinstance(e, KubeError)]
    if errors:
        raise KubeError("\n".join(map(str, errors)))


def _request_eviction(
    client: KubeClient,
    pod: dict,
    grace: int | None,
    deadline: Deadline,
    progress: Callable[[str], None],
) -> bool:
    """Evict a pod as soon as its budget permits it; return whether there is a pod to wait for."""
    metadata, body = pod["metadata"], _eviction(pod, grace)
    path = f"{_collection(pod)}/{path_segment(metadata['name'])}/eviction"
    # a pod that is ending already needs no eviction
    while not metadata.get("deletionTimestamp"):
        try:
            client.post_once(path, body)
            break
        except ApiError as error:
            if any(cause.get("reason") == "NamespaceTerminating" for cause in error.causes):
                break
            if error.status == 404 or (error.status == 409 and "uid" in str(error).lower()):
                return False
            if error.status != 429 and not error.transient:
                raise KubeError(f"pod {_name(pod)}: {error}", **error.result) from error
            reason = "; ".join(c.get("message", "") for c in error.causes) or str(error)
            if deadline.remaining() <= RETRY_SECONDS:
                raise KubeError(
                    f"pod {_name(pod)} cannot be evicted within {deadline.seconds:g} s: {reason}"
                ) from error
            progress(f"{_name(pod)} has to wait: {reason}")
            time.sleep(RETRY_SECONDS)
    return True


def _eviction(pod: dict, grace: int | None) -> dict:
    metadata = pod["metadata"]
    options = {"preconditions": {"uid": metadata["uid"]}}
    if grace is not None:
        options["gracePeriodSeconds"] = grace
    return {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
        "deleteOptions": options,
    }


def _wait_until_deleted(client: KubeClient, pod: dict, deadline: Deadline) -> None:
    uid = pod["metadata"]["uid"]
    wait_until(
        client,
        _collection(pod),
        pod["metadata"]["name"],
        lambda obj: obj is None or obj["metadata"]["uid"] != uid,
        deadline,
        f"pod {_name(pod)} was evicted and does not end",
    )


def _collection(pod: dict) -> str:
    return f"/api/v1/namespaces/{path_segment(pod['metadata']['namespace'])}/pods"


def _name(pod: dict) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
