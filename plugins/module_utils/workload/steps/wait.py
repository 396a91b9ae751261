"""Wait until the objects of a task have reached the goal of the task."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    POD_KINDS,
    ROLLOUT_KINDS,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import matches, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import PREDICATES
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ServiceProbe,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.expectations import (
    wait_for_expectations,
)

GOALS = ("rolled_out", "serving")


def wait_for_goal(context: ApplyContext) -> None:
    """Wait until all applied objects are rolled out, or serving.

    Raises:
        WaitError: An object failed, or did not reach the goal in time.
        KubeError: The API server refused to watch an object.
    """
    _wait_for_rollouts(context)
    if context.params["wait"] != "none":
        wait_for_expectations(context)


def _wait_for_rollouts(context: ApplyContext) -> None:
    goal, fields = context.params["wait"], context.result.fields
    if goal not in GOALS:
        return
    targets = list(_targets(context))
    context.cluster.progress(f"waiting until {len(targets)} objects are {goal.replace('_', ' ')}")
    waiter = context.cluster.waiter()
    started = time.monotonic()
    try:
        waited = waiter.wait(targets)
        fields["apps"] = [
            entry for entry in waited if entry["kind"] not in ("Namespace", "Service")
        ]
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
            template = change.after["spec"]["template"]
            probes = [
                ServiceProbe(context.cluster.client, service, serve, template)
                for service in services
                if _selects(service, change.after)
            ]
        yield Target(change.ref, change.after, change.action == "created", probes, change.changed)
    if context.params["wait"] == "serving":
        yield from _services_alone(context, services)


def _services_alone(context: ApplyContext, services: list[dict]) -> Iterable[Target]:
    """Yield the Services of the task whose pods the task does not declare. A mistyped selector has none."""
    workloads = [
        change.after
        for change in context.result.changes
        if change.ref.kind in POD_KINDS and change.after
    ]
    for service in services:
        if not service["spec"].get("selector") or service["spec"].get("type") == "ExternalName":
            continue
        if not any(_selects(service, workload) for workload in workloads):
            probe = ServiceProbe(context.cluster.client, service, {"scheme": "none"})
            yield Target(ref_of(service), service, probes=[probe])


def _selects(service: dict, workload: dict) -> bool:
    """Return whether a Service sends requests to the pods of a workload."""
    selector = service["spec"].get("selector")
    described = workload if workload["kind"] == "Pod" else workload["spec"]["template"]
    labels = (described.get("metadata") or {}).get("labels")
    return (
        bool(selector)
        and service["metadata"]["namespace"] == workload["metadata"]["namespace"]
        and matches({"matchLabels": selector}, labels)
    )
