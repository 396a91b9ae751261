"""Wait until the objects of a task have reached the goal of the task."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import matches
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import PREDICATES
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ServiceProbe,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext

GOALS = ("rolled_out", "serving")


def wait_for_goal(context: ApplyContext) -> None:
    """Wait until all applied objects are rolled out, or serving.

    Raises:
        WaitError: An object failed, or did not reach the goal in time.
        KubeError: The API server refused to watch an object.
    """
    goal, fields = context.params["wait"], context.result.fields
    if goal not in GOALS:
        return
    targets = list(_targets(context))
    context.cluster.progress(f"waiting until {len(targets)} objects are {goal.replace('_', ' ')}")
    waiter = context.cluster.waiter()
    started = time.monotonic()
    try:
        waited = waiter.wait(targets)
        fields["apps"] = [entry for entry in waited if entry["kind"] != "Namespace"]
    finally:
        fields["waited"] = {"for": goal, "seconds": round(time.monotonic() - started, 3)}
        if waiter.unblocked:
            fields["unblocked"] = waiter.unblocked
        if waiter.warnings:
            fields["warnings"] = sorted(set(waiter.warnings))


def _targets(context: ApplyContext) -> Iterable[Target]:
    changes = context.result.changes
    services = [change.after for change in changes if change.ref.kind == "Service" and change.after]
    for change in changes:
        if change.ref.kind not in PREDICATES or not change.after or change.action == "deleted":
            continue
        probes = []
        if context.params["wait"] == "serving" and change.ref.kind in ROLLOUT_KINDS:
            serve = context.declaration.serve.get((change.ref.namespace, change.ref.name))
            probes = [
                ServiceProbe(context.cluster.client, service, serve)
                for service in services
                if _selects(service, change.after)
            ]
        yield Target(change.ref, change.after, change.action == "created", probes)


def _selects(service: dict, workload: dict) -> bool:
    """Return whether a Service sends requests to the pods of a workload."""
    selector = service["spec"].get("selector")
    labels = workload["spec"]["template"]["metadata"].get("labels")
    return (
        bool(selector)
        and service["metadata"]["namespace"] == workload["metadata"]["namespace"]
        and matches({"matchLabels": selector}, labels)
    )
