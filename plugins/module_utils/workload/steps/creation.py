"""Report an object that a task has created, and wait for it."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import POD_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of, reference
from ansible_collections.slipway.lab.plugins.module_utils.kube.pods import containers
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import pods_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.logs import logs_at


def creation_result(created: dict, diff: bool) -> dict:
    """Return the result of the module for an object that was created, without a wait.

    Args:
        created: The object.
        diff: Whether the result contains a diff.
    """
    metadata = created["metadata"]
    result = {
        "changed": True,
        **reference(ref_of(created)),
        "uid": metadata.get("uid", ""),
        "resource_version": metadata.get("resourceVersion", ""),
    }
    if diff:
        result["diff"] = ansible_diff([(None, created)])
    return result


def wait_for_created(cluster: Cluster, created: dict, log_lines: int, result: dict) -> None:
    """Wait until an object is complete or ready, as far as its kind has that, and read the logs of its pods.

    Args:
        cluster: The connection.
        created: The object.
        log_lines: How many of the last lines of each container to read.
        result: Receives ``state``, ``seconds`` and ``logs``.

    Raises:
        WaitError: The object failed, or was not ready at the deadline.
        KubeError: The API server refused to watch it.
    """
    ref = ref_of(created)
    cluster.progress(f"waiting for {ref}")
    (waited,) = cluster.waiter().wait([Target(ref, created, created=True)])
    result.update({"state": waited["state"], "seconds": waited["seconds"]})
    if log_lines and ref.own_kind in POD_KINDS:
        live = {**cluster.client.get(cluster.discovery.path(ref)), "kind": ref.kind}
        pods = [live] if ref.kind == "Pod" else pods_of(cluster.client, live)
        places = [(pod["metadata"]["name"], name) for pod in pods for name, _ in containers(pod)]
        query = {"tailLines": log_lines}
        result["logs"] = logs_at(cluster.client, ref.namespace, places, query)
