"""Pods of a cluster, counted by namespace, and the pods that are in trouble."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import condition, is_ready

# Reasons of a container that is starting normally.
STARTING = ("ContainerCreating", "PodInitializing")


def pod_counts(pods: Iterable[dict]) -> list[dict]:
    """Return the pods of each namespace in numbers.

    Args:
        pods: Pods as the API server returns them. Completed pods of a Job are not counted.

    Returns:
        ``{namespace, pods, ready, troubled}`` by namespace. ``troubled`` has ``{name, reason}`` of the pods that cannot
        become ready without a change.
    """
    found: dict[str, dict] = defaultdict(lambda: {"pods": 0, "ready": 0, "troubled": []})
    for pod in pods:
        if (pod.get("status") or {}).get("phase") == "Succeeded":
            continue
        entry = found[pod["metadata"]["namespace"]]
        entry["pods"] += 1
        if is_ready(pod):
            entry["ready"] += 1
        elif reason := trouble(pod):
            entry["troubled"].append({"name": pod["metadata"]["name"], "reason": reason})
    return [{"namespace": name, **found[name]} for name in sorted(found)]


def containers(pod: dict) -> list[tuple[str, bool]]:
    """Return the names of all containers of a pod, the main ones first.

    Returns:
        Each name, and whether the container runs all the time: init containers do not, sidecars do.
    """
    spec = pod["spec"]
    permanent = [*spec["containers"], *(spec.get("ephemeralContainers") or [])]
    return [(one["name"], True) for one in permanent] + [
        (one["name"], one.get("restartPolicy") == "Always")
        for one in spec.get("initContainers") or []
    ]


def trouble(pod: dict) -> str:
    """Return the reason why a pod is not ready, such as ``CrashLoopBackOff``; empty while it starts."""
    status = pod.get("status") or {}
    statuses = [
        *(status.get("initContainerStatuses") or []),
        *(status.get("containerStatuses") or []),
    ]
    for entry in statuses:
        for state in ("waiting", "terminated"):
            detail = (entry.get("state") or {}).get(state) or {}
            reason = detail.get("reason", "")
            if reason and reason not in STARTING and detail.get("exitCode") != 0:
                return reason
    if status.get("phase") == "Failed":
        return status.get("reason") or "Failed"
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return scheduled.get("reason") or "Unschedulable"
    return ""
