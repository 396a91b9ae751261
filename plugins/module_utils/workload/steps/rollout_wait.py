"""Wait until existing workloads are rolled out."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.result import add_notes


def wait_for_rollout(
    cluster: Cluster,
    workloads: list[tuple[ObjectRef, dict]],
    result: dict,
    unblock: bool = False,
) -> list[dict]:
    """Wait until workloads are rolled out.

    Args:
        cluster: The connection.
        workloads: The workloads, each with its reference.
        result: The result so far. It gets what the wait did and warned of, and becomes part of an error.
        unblock: Whether the task changed the workloads; see Target.

    Returns:
        The outcome of each workload.

    Raises:
        KubeError: A workload failed, was not ready at the deadline, or cannot be watched.
    """
    waiter = cluster.waiter()
    try:
        outcomes = waiter.wait([Target(ref, obj, unblock=unblock) for ref, obj in workloads])
    except KubeError as error:
        add_notes(result, waiter)
        error.result = {**result, **error.result}
        raise
    add_notes(result, waiter)
    return outcomes
