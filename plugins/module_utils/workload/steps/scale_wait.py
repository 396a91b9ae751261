"""Wait until workloads whose pods are not watched have their number of pods: custom kinds, and the pods of a Job."""

from __future__ import annotations

import time

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    KubeError,
    raise_together,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    condition_is_true,
    is_outdated,
    reference,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import (
    Scaling,
    read_path,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import Status
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster


def wait_for_numbers(cluster: Cluster, scalings: list[Scaling], result: dict) -> list[dict]:
    """Wait until the status of each workload has the number of its specification.

    Args:
        cluster: The connection.
        scalings: The scalings, after they were written.
        result: The result so far, which becomes part of an error.

    Returns:
        ``kind``, ``namespace``, ``name``, ``seconds`` and ``state`` of each workload.

    Raises:
        KubeError: A number is not reached at the deadline, was changed by another client, or cannot be watched.
    """
    answers = cluster.client.parallel(lambda scaling: _wait(cluster, scaling), scalings)
    raise_together(answers, **result)
    return answers


def _wait(cluster: Cluster, scaling: Scaling) -> dict:
    ref, started, last = scaling.ref, time.monotonic(), Status(False, "it was not seen")

    def is_reached(obj: dict | None) -> bool:
        nonlocal last
        if obj is None:
            raise KubeError(f"{ref} was deleted while the task waited for its pods")
        if ref.own_kind == "Job":
            last = judge_job(obj, scaling.after)
        else:
            last = _judge(ref, obj, cluster.client.get(read_path(cluster.discovery, ref)), scaling)
        return last.done

    resource = cluster.discovery.require(ref.api_version, ref.kind)
    try:
        wait_until(
            cluster.client, resource.collection(ref.namespace), ref.name, is_reached, cluster.deadline,
            f"{ref} does not have {scaling.after} pods",
        )  # fmt: skip
    except KubeError as error:
        raise KubeError(f"{error}; {last.text}", **error.result) from error
    return {
        **reference(ref),
        "seconds": round(time.monotonic() - started, 3),
        "state": last.text,
    }


def _judge(ref, obj: dict, scale: dict, scaling: Scaling) -> Status:
    declared = (scale.get("spec") or {}).get("replicas", 0)
    if declared != scaling.after:
        raise KubeError(f"{ref}: another client changed the number to {declared}")
    if is_outdated(obj):
        return Status(False, "waiting for the controller to see the change")
    count = (scale.get("status") or {}).get("replicas", 0)
    return Status(count == declared, f"{count} of {declared} pods exist")


def judge_job(job: dict, parallelism: int) -> Status:
    """Return whether as many pods of a Job run as it may run now."""
    for end in ("Complete", "Failed"):
        if condition_is_true(job, end):
            return Status(True, end.lower())
    spec, status = job["spec"], job.get("status") or {}
    if spec.get("suspend"):
        return Status(True, "suspended")
    active, succeeded = status.get("active", 0), status.get("succeeded", 0)
    if spec.get("completions") is not None:
        wanted = min(parallelism, spec["completions"] - succeeded)
    else:
        # the pods share a queue, and no new one starts after the first that succeeded
        wanted = min(parallelism, active) if succeeded else parallelism
    return Status(active == wanted, f"{active} of {wanted} pods are active")
