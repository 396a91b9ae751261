"""Wait until the objects of a task have reached the goal of the task."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    POD_KINDS,
    ROLLOUT_KINDS,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import kind_of, matches
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import rollout_status
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ServiceProbe,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.claims import (
    claims_for_pods,
)

GOALS = ("rolled_out", "serving")


def wait_for_rollouts(context: ApplyContext, changes: list[ObjectChange], goal: str) -> None:
    """Wait until applied objects are rolled out, or serving.

    Args:
        context: The run of the module.
        changes: The changes of the objects.
        goal: The awaited state. With another one than those of GOALS, there is no wait.

    Raises:
        WaitError: An object failed, or did not reach the goal in time.
        KubeError: The API server refused to watch an object.
    """
    if goal not in GOALS:
        return
    targets = list(_targets(context, changes, goal))
    context.cluster.progress(f"waiting until {len(targets)} objects are {goal.replace('_', ' ')}")
    waiter = context.cluster.waiter()
    started = time.monotonic()
    fields = context.result.fields
    try:
        waited = waiter.wait(targets)
        fields.setdefault("apps", []).extend(
            entry for entry in waited if entry["kind"] in POD_KINDS
        )
    finally:
        before = fields.get("waited", {}).get("seconds", 0)
        seconds = round(before + time.monotonic() - started, 3)
        fields["waited"] = {"for": goal, "seconds": seconds}
        context.result.take_notes(waiter)


def _targets(context: ApplyContext, changes: list[ObjectChange], goal: str) -> Iterable[Target]:
    present = [change for change in changes if change.after and change.action != "deleted"]
    client, fields = context.cluster.client, context.result.fields
    later = claims_for_pods(client, [change.after for change in present], fields)
    for change in present:
        if change.ref in later:
            continue
        probes = _probes(context, change) if goal == "serving" else []
        if change.ref.own_kind in POD_KINDS or probes or not rollout_status(change.after).done:
            yield Target(
                change.ref, change.after, change.action == "created", probes, change.changed
            )


def _probes(context: ApplyContext, change: ObjectChange) -> list[ServiceProbe]:
    """Return the probes of the Services that must answer before an object counts as serving."""
    client = context.cluster.client
    if change.ref.own_kind == "Service" and _is_alone(context, change.after):
        return [ServiceProbe(client, change.after, {"scheme": "none"})]
    if change.ref.own_kind not in ROLLOUT_KINDS:
        return []
    serve = context.declaration.serve.get((change.ref.namespace, change.ref.name))
    template = change.after["spec"]["template"]
    # a Service of an earlier stage may be in front of a workload of this one
    probes = [
        ServiceProbe(client, one.after, serve, template)
        for one in context.result.changes
        if one.ref.own_kind == "Service" and one.after and _selects(one.after, change.after)
    ]
    if not probes and (serve or {}).get("url"):
        return [ServiceProbe(client, None, serve, template)]
    return probes


def _is_alone(context: ApplyContext, service: dict) -> bool:
    """Return whether the task declares no pods of a Service, in no stage. A mistyped selector has none."""
    if not service["spec"].get("selector") or service["spec"].get("type") == "ExternalName":
        return False
    workloads = [obj for obj in context.declaration.objects if kind_of(obj) in POD_KINDS]
    return not any(_selects(service, workload) for workload in workloads)


def _selects(service: dict, workload: dict) -> bool:
    """Return whether a Service sends requests to the pods of a workload."""
    selector = service["spec"].get("selector")
    template = (workload.get("spec") or {}).get("template") or {}
    described = workload if workload["kind"] == "Pod" else template
    labels = (described.get("metadata") or {}).get("labels")
    return (
        bool(selector)
        and service["metadata"]["namespace"] == workload["metadata"]["namespace"]
        and matches({"matchLabels": selector}, labels)
    )
