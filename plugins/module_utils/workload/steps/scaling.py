"""Set the number of pods of workloads."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import (
    check_scale_in,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import (
    KubeError,
    raise_together,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import SCALABLE_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops import scale as kube_scale
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.last_pods import (
    wait_for_last_pods,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.rollout_wait import (
    wait_for_rollout,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.scale_wait import (
    wait_for_numbers,
)


def read_workloads(cluster: Cluster, scalings: list[Scaling]) -> list[Scaling]:
    """Return the scalings with the present state of their workloads.

    Raises:
        KubeError: A workload does not exist or cannot be scaled. The message names all of them.
    """
    return _for_each(cluster, kube_scale.read, scalings)


def scale(cluster: Cluster, params: dict, scalings: list[Scaling]) -> dict:
    """Scale workloads and wait for their pods.

    Returns:
        The result of the module.

    Raises:
        KubeError: An autoscaler manages a workload, claims would go with its pods, the API server refused a number, or
            the wait failed.
    """
    changed = [scaling for scaling in scalings if scaling.changed]
    if not params["allow_autoscaled"]:
        _refuse_autoscaled(cluster, changed)
    if not params["remove_data"]:
        check_scale_in((one.live, {"spec": {"replicas": one.after}}) for one in changed if one.live)
    if not cluster.check:
        changed = _write(cluster, changed)
        written = {scaling.ref: scaling for scaling in changed}
        scalings = [written.get(scaling.ref, scaling) for scaling in scalings]
    result = {
        "changed": bool(changed),
        "workloads": [scaling_outcome(scaling, scaling.after) for scaling in scalings],
        "diff": {
            "before": {str(s.ref): {"replicas": s.before} for s in changed},
            "after": {str(s.ref): {"replicas": s.after} for s in changed},
        },
    }
    if params["wait"] and not cluster.check:
        _wait(cluster, scalings, result)
    return result


def scaling_outcome(scaling: Scaling, after: int) -> dict:
    """Return a scaling as the module returns it, with the number of pods afterwards."""
    return {
        "kind": scaling.ref.kind,
        "namespace": scaling.ref.namespace,
        "name": scaling.ref.name,
        "before": scaling.before,
        "after": after,
    }


def _refuse_autoscaled(cluster: Cluster, scalings: list[Scaling]) -> None:
    """Raise KubeError when an autoscaler would change a number back."""
    if not scalings:
        return
    owners = kube_scale.autoscalers(cluster.client, {s.ref.namespace for s in scalings})
    owned = [
        f"{s.ref} belongs to HorizontalPodAutoscaler {owners[place]['metadata']['name']}"
        for s in scalings
        # an autoscaler is inactive while a workload has no pods
        if (place := (s.ref.namespace, s.ref.kind, s.ref.name)) in owners
        and s.after != 0
        and not kube_scale.is_woken(s, owners[place])
    ]
    if owned:
        raise KubeError(
            f"{'; '.join(owned)}: it would undo the number; "
            "change its bounds (autoscale), or set allow_autoscaled: true"
        )


def _wait(cluster: Cluster, scalings: list[Scaling], result: dict) -> None:
    cluster.progress(f"waiting for {len(scalings)} workloads")
    known = [one for one in scalings if one.ref.own_kind in SCALABLE_KINDS]
    workloads = [(scaling.ref, scaling.live) for scaling in known]
    waited = wait_for_rollout(cluster, workloads, result) if known else []
    if shrunk := [one for one in known if one.after <= one.before]:
        wait_for_last_pods(cluster, shrunk, result)
    others = [one for one in scalings if one.ref.own_kind not in SCALABLE_KINDS]
    waited += wait_for_numbers(cluster, others, result)
    states = {(one["kind"], one["namespace"], one["name"]): one for one in waited}
    for entry in result["workloads"]:
        one = states[(entry["kind"], entry["namespace"], entry["name"])]
        entry["seconds"], entry["state"] = one["seconds"], one["state"]


def _write(cluster: Cluster, scalings: list[Scaling]) -> list[Scaling]:
    """Set the numbers concurrently. An error has the workloads that were changed in its result."""
    answers = cluster.client.parallel(
        lambda scaling: kube_scale.write(cluster.client, cluster.discovery, scaling), scalings
    )
    errors = [answer for answer in answers if isinstance(answer, KubeError)]
    if not errors:
        return answers
    done = [answer for answer in answers if not isinstance(answer, KubeError)]
    raise KubeError(
        "\n".join(map(str, errors)),
        **{
            **errors[0].result,
            "changed": bool(done) or any(error.result.get("changed") for error in errors),
            "workloads": [scaling_outcome(scaling, scaling.after) for scaling in done],
        },
    )


def _for_each(cluster: Cluster, work: Callable, scalings: list[Scaling]) -> list[Scaling]:
    """Read or write all workloads concurrently, and report all errors together."""
    answers = cluster.client.parallel(
        lambda scaling: work(cluster.client, cluster.discovery, scaling), scalings
    )
    raise_together(answers)
    return answers
