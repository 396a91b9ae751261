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
EVICTED, GONE = "evicted", "gone"


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
        KubeError: Pods remain. The text names the budgets that block them, the result the pods that were evicted.
    """
    evicted, errors = _evict_all(client, pods, grace, deadline, progress)
    answers = client.parallel(lambda pod: _wait_until_deleted(client, pod, deadline), evicted)
    for pod, answer in zip(evicted, answers):
        if isinstance(answer, KubeError):
            errors.append(answer)
        else:
            progress(f"{_name(pod)} is deleted")
    if errors:
        names = [_name(pod) for pod in evicted]
        raise KubeError("\n".join(map(str, errors)), evicted=names, changed=bool(names))


def _evict_all(
    client: KubeClient,
    pods: list[dict],
    grace: int | None,
    deadline: Deadline,
    progress: Callable[[str], None],
) -> tuple[list[dict], list[KubeError]]:
    """Evict pods, in rounds with one attempt for each: a budget that blocks some must not hold up the others."""
    pending, evicted, errors = list(pods), [], []
    while pending:
        answers = client.parallel(lambda pod: _request_eviction(client, pod, grace), pending)
        found = list(zip(pending, answers))
        errors += [answer for _, answer in found if isinstance(answer, KubeError)]
        evicted += [pod for pod, answer in found if answer == EVICTED]
        blocked = [
            (pod, answer)
            for pod, answer in found
            if isinstance(answer, str) and answer not in (EVICTED, GONE)
        ]
        if deadline.remaining() <= RETRY_SECONDS:
            late = f"cannot be evicted within {deadline.seconds:g} s"
            errors += [KubeError(f"pod {_name(pod)} {late}: {reason}") for pod, reason in blocked]
            break
        for pod, reason in blocked:
            progress(f"{_name(pod)} has to wait: {reason}")
        pending = [pod for pod, _ in blocked]
        if pending:
            time.sleep(RETRY_SECONDS)
    return evicted, errors


def _request_eviction(client: KubeClient, pod: dict, grace: int | None) -> str:
    """Ask once for the eviction of a pod; return EVICTED, GONE, or the reason why it has to wait.

    Raises:
        KubeError: The API server refused for good.
    """
    metadata = pod["metadata"]
    if metadata.get("deletionTimestamp"):
        return EVICTED  # a pod that is ending already needs no eviction
    try:
        path = f"{_collection(pod)}/{path_segment(metadata['name'])}/eviction"
        client.post_once(path, _eviction(pod, grace))
    except ApiError as error:
        if any(cause.get("reason") == "NamespaceTerminating" for cause in error.causes):
            return EVICTED
        if error.status == 404 or (error.status == 409 and "uid" in str(error).lower()):
            return GONE
        if error.status != 429 and not error.transient:
            raise KubeError(f"pod {_name(pod)}: {error}", **error.result) from error
        return "; ".join(c.get("message", "") for c in error.causes) or str(error)
    return EVICTED


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
