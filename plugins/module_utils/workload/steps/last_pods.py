"""Wait for the end of pods that a workload no longer wants."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.selectors import selector_text
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_wait import (
    wait_until_all_deleted,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    ApiError,
    raise_together,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_ending
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster


def wait_for_last_pods(cluster: Cluster, scalings: list[Scaling], result: dict) -> None:
    """Wait until no pod of the workloads is being deleted.

    Controllers do not count such pods, but they still work: they answer requests, and write into databases.

    Args:
        cluster: The connection.
        scalings: Workloads that did not get more pods.
        result: The result so far, which becomes part of an error. It gets a warning if the account may not read pods.

    Raises:
        KubeError: A pod still exists at the deadline.
    """
    kind = cluster.discovery.require("v1", "Pod")

    def wait(scaling: Scaling) -> None:
        selector = selector_text((scaling.live or {})["spec"]["selector"])
        pods, _ = cluster.client.list_all(
            kind.collection(scaling.ref.namespace), labelSelector=selector
        )
        if ending := [pod for pod in pods if is_ending(pod)]:
            cluster.progress(f"waiting for the end of {len(ending)} pods of {scaling.ref}")
            wait_until_all_deleted(cluster.client, kind, ending, cluster.deadline)

    answers = cluster.client.parallel(wait, scalings)
    hidden = [one for one in answers if isinstance(one, ApiError) and one.status == 403]
    if hidden:
        warning = f"the end of pods is not awaited: {hidden[0]}"
        result["warnings"] = [*result.get("warnings", []), warning]
    raise_together([one for one in answers if one not in hidden], **result)
