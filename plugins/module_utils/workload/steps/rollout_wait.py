"""Wait until existing workloads are rolled out."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster


def wait_for_rollout(cluster: Cluster, targets: list[Target], result: dict) -> list[dict]:
    """Wait until all targets are rolled out.

    Args:
        cluster: The connection.
        targets: The workloads.
        result: The result so far, which becomes part of an error.

    Returns:
        The outcome of each target.

    Raises:
        KubeError: A workload failed, was not ready at the deadline, or cannot be watched.
    """
    try:
        return cluster.waiter().wait(targets)
    except KubeError as error:
        error.result = {**result, **error.result}
        raise
