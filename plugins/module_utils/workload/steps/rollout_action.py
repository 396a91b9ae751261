"""Undo, restart, pause or resume the rollout of a workload."""

from __future__ import annotations

import time

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    is_observed,
    is_working,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.restart import restart
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.undo import pause, undo
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import pods_of

# A controller that is busy needs seconds. Later, its count has another reason.
LIMIT = 10.0
PAUSE = 0.2


def act_on_rollout(cluster: Cluster, params: dict, workload: dict) -> dict:
    """Perform the action of a task.

    Args:
        cluster: The connection.
        params: The parameters: ``action`` and ``to_revision``.
        workload: The workload, as its controller has observed it when the action is undo.

    Returns:
        The workload afterwards.

    Raises:
        KubeError: The rollout is paused, the revision does not exist, or the API server refused
            the action.
    """
    path, action = cluster.discovery.path(ref_of(workload)), params["action"]
    if action == "undo":
        return undo(cluster.client, path, workload, params["to_revision"], cluster.check)[0]
    if action == "restart" and not cluster.check:
        if workload["spec"].get("paused"):
            raise KubeError(f"{ref_of(workload)}: the rollout is paused; resume it first")
        return restart(cluster.client, cluster.discovery, ref_of(workload))
    if action in ("pause", "resume"):
        return pause(cluster.client, path, workload, action == "pause", cluster.check)
    return workload


def wait_until_observed(cluster: Cluster, workload: dict) -> dict:
    """Return the workload as soon as its controller has observed the latest declaration.

    Until then there is no revision for the latest declaration, and an undo would skip it.

    Raises:
        KubeError: The controller did not observe it in time.
    """
    if is_observed(workload):
        return workload
    ref = ref_of(workload)
    wait_until(
        cluster.client,
        cluster.discovery.require(ref.api_version, ref.kind).collection(ref.namespace),
        ref.name,
        lambda now: now is None or is_observed(now),
        cluster.deadline,
        f"{ref}: its controller has not seen the latest declaration",
    )
    return cluster.client.get(cluster.discovery.path(ref))


def wait_until_noticed(cluster: Cluster, workload: dict) -> dict:
    """Return the workload as soon as its status counts no ready pods that are gone.

    A controller notices a deleted pod a moment later. Until then, the status states that the rollout is complete, with
    the generation of the present declaration. An account that may not read pods gets the status as it is.

    Args:
        cluster: The connection.
        workload: A Deployment, StatefulSet or DaemonSet.

    Raises:
        KubeError: The API server did not answer.
    """
    deadline = Deadline(min(LIMIT, cluster.deadline.remaining()))
    while not deadline.passed:
        try:
            pods = pods_of(cluster.client, workload)
        except ApiError as error:
            if error.status == 403:
                break
            raise
        if sum(is_working(pod) for pod in pods) >= _ready_pods(workload):
            break
        time.sleep(PAUSE)
        workload = cluster.client.get(cluster.discovery.path(ref_of(workload)))
    return workload


def _ready_pods(workload: dict) -> int:
    status = workload.get("status") or {}
    return status.get("numberReady", status.get("readyReplicas", 0))
