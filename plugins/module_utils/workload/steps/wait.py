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
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import matches
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import PREDICATES
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ServiceProbe,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext

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
            entry for entry in waited if entry["kind"] not in ("Namespace", "Service")
        )
    finally:
        before = fields.get("waited", {}).get("seconds", 0)
        seconds = round(before + time.monotonic() - started, 3)
        fields["waited"] = {"for": goal, "seconds": seconds}
        if waiter.unblocked:
            fields.setdefault("unblocked", []).extend(waiter.unblocked)
        context.result.warn(waiter.warnings)


def _targets(context: ApplyContext, changes: list[ObjectChange], goal: str) -> Iterable[Target]:
    # a Service of an earlier stage may be in front of a workload of this one
    services = [
        change.after
        for change in context.result.changes
        if change.ref.kind == "Service" and change.after
    ]
    for change in changes:
        if change.ref.kind not in PREDICATES or not change.after or change.action == "deleted":
            continue
        probes = []
        if goal == "serving" and change.ref.kind in ROLLOUT_KINDS:
            serve = context.declaration.serve.get((change.ref.namespace, change.ref.name))
            template = change.after["spec"]["template"]
            probes = [
                ServiceProbe(context.cluster.client, service, serve, template)
                for service in services
                if _selects(service, change.after)
            ]
            if not probes and (serve or {}).get("url"):
                probes = [ServiceProbe(context.cluster.client, None, serve, template)]
        yield Target(change.ref, change.after, change.action == "created", probes, change.changed)
    if goal == "serving":
        yield from _services_alone(context, changes)


def _services_alone(context: ApplyContext, changes: list[ObjectChange]) -> Iterable[Target]:
    """Yield applied Services whose pods the task does not declare, in no stage. A mistyped selector has none."""
    workloads = [obj for obj in context.declaration.objects if obj["kind"] in POD_KINDS]
    for change in changes:
        service = change.after
        if change.ref.kind != "Service" or not service or not service["spec"].get("selector"):
            continue
        if service["spec"].get("type") == "ExternalName":
            continue
        if not any(_selects(service, workload) for workload in workloads):
            probe = ServiceProbe(context.cluster.client, service, {"scheme": "none"})
            yield Target(change.ref, service, probes=[probe])


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
