"""Decide whether an object is rolled out: pure predicates by kind. Failure is decided elsewhere.

Predicates compare ``observedGeneration`` first: a status of an older generation is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    condition,
    condition_is_true,
    is_observed,
    is_outdated,
    is_ready,
    kind_of,
)


class Status(NamedTuple):
    """The progress of an object, as text."""

    done: bool
    text: str


def rollout_status(obj: dict) -> Status:
    """Return whether the object's current declaration is in effect."""
    if obj["metadata"].get("deletionTimestamp"):
        return Status(False, "is being deleted")
    return PREDICATES.get(kind_of(obj), _by_status)(obj)


def desired_replicas(obj: dict) -> int:
    """Return the desired number of pods."""
    if kind_of(obj) == "DaemonSet":
        return (obj.get("status") or {}).get("desiredNumberScheduled", 0)
    replicas = (obj.get("spec") or {}).get("replicas")
    return 1 if replicas is None else replicas


def _deployment(obj: dict) -> Status:
    status, wanted = obj.get("status") or {}, desired_replicas(obj)
    if not is_observed(obj):
        return Status(False, "waiting for the controller to see the change")
    if obj["spec"].get("paused"):
        # a declared pause is in effect; a pause by another client stops the declaration
        return Status(_declares_pause(obj), "the rollout is paused")
    updated = status.get("updatedReplicas", 0)
    if updated < wanted:
        return Status(False, f"{updated} of {wanted} pods are of the new revision")
    available = status.get("availableReplicas", 0)
    old = status.get("replicas", 0) - updated
    if old > 0:
        return Status(False, f"{old} pods of the old revision are still there")
    if status.get("replicas", 0) > wanted:
        return Status(False, f"{status['replicas'] - wanted} pods are to go")
    if available < wanted:
        return Status(False, f"{available} of {wanted} pods are available")
    return Status(True, f"{available} of {wanted} pods are available")


def _declares_pause(obj: dict) -> bool:
    return any(
        entry.get("operation") == "Apply"
        and "f:paused" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
        for entry in obj["metadata"].get("managedFields") or []
    )


def _stateful_set(obj: dict) -> Status:
    status, wanted = obj.get("status") or {}, desired_replicas(obj)
    if not is_observed(obj):
        return Status(False, "waiting for the controller to see the change")
    strategy = obj["spec"].get("updateStrategy") or {}
    ready = status.get("availableReplicas", status.get("readyReplicas", 0))
    if status.get("replicas", 0) > wanted:
        return Status(False, f"{status['replicas'] - wanted} pods are to go")
    if strategy.get("type", "RollingUpdate") == "RollingUpdate":
        partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
        updated = status.get("updatedReplicas", 0)
        if status.get("currentRevision") == status.get("updateRevision"):
            updated = status.get("replicas", 0)
        if updated < max(0, wanted - partition):
            return Status(
                False, f"{updated} of {max(0, wanted - partition)} pods are of the new revision"
            )
    if ready < wanted:
        return Status(False, f"{ready} of {wanted} pods are available")
    return Status(True, f"{ready} of {wanted} pods are available")


def _daemon_set(obj: dict) -> Status:
    status, wanted = obj.get("status") or {}, desired_replicas(obj)
    if not is_observed(obj):
        return Status(False, "waiting for the controller to see the change")
    strategy = (obj["spec"].get("updateStrategy") or {}).get("type", "RollingUpdate")
    updated = status.get("updatedNumberScheduled", 0)
    if strategy == "RollingUpdate" and updated < wanted:
        return Status(False, f"{updated} of {wanted} pods are of the new revision")
    available = status.get("numberAvailable", 0)
    return Status(available >= wanted, f"{available} of {wanted} pods are available")


def _job(obj: dict) -> Status:
    if condition_is_true(obj, "Complete"):
        return Status(True, "complete")
    if (obj.get("spec") or {}).get("suspend"):
        return Status(True, "suspended")
    status = obj.get("status") or {}
    wanted = obj["spec"].get("completions") or 1
    return Status(False, f"{status.get('succeeded', 0)} of {wanted} completions")


def _pod(obj: dict) -> Status:
    if (obj.get("status") or {}).get("phase") == "Succeeded":
        return Status(True, "succeeded")
    ready = is_ready(obj)
    return Status(ready, "ready" if ready else "not ready")


def _replica_set(obj: dict) -> Status:
    wanted = desired_replicas(obj)
    available = (obj.get("status") or {}).get("availableReplicas", 0)
    return Status(
        is_observed(obj) and available >= wanted, f"{available} of {wanted} pods are available"
    )


def _by_condition(kind: str) -> Callable[[dict], Status]:
    def predicate(obj: dict) -> Status:
        state = condition(obj, kind)
        done = state.get("status") == "True"
        return Status(done, kind.lower() if done else state.get("message") or f"not {kind.lower()}")

    return predicate


def _namespace(obj: dict) -> Status:
    phase = (obj.get("status") or {}).get("phase", "Active")
    return Status(phase == "Active", phase.lower())


def _claim(obj: dict) -> Status:
    phase = (obj.get("status") or {}).get("phase", "Pending")
    text = {"Lost": "its volume is lost", "Pending": "it has no volume yet"}
    return Status(phase == "Bound", text.get(phase, phase.lower()))


def _by_status(obj: dict) -> Status:
    """Judge any other kind by what controllers have in common, as kstatus does.

    A kind whose controller reports nothing of it is complete immediately.
    """
    if not isinstance(obj.get("status"), dict):
        return Status(True, "applied")
    ready = condition(obj, "Ready")
    if is_outdated(obj) or is_outdated(obj, ready):
        return Status(False, "waiting for the controller to see the change")
    for kind in ("Stalled", "Reconciling"):
        if condition_is_true(obj, kind):
            return Status(False, condition(obj, kind).get("message") or kind.lower())
    if not ready or is_ready(obj):
        return Status(True, "ready" if ready else "applied")
    return Status(
        False, ready.get("message") or f"not ready ({ready.get('reason') or 'no reason'})"
    )


PREDICATES: dict[str, Callable[[dict], Status]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "ReplicaSet": _replica_set,
    "ReplicationController": _replica_set,
    "Job": _job,
    "Pod": _pod,
    "Namespace": _namespace,
    "CustomResourceDefinition": _by_condition("Established"),
    "APIService": _by_condition("Available"),
    "PersistentVolumeClaim": _claim,
}
