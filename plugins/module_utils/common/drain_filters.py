"""Decide which pods of a node a drain evicts."""

from __future__ import annotations

from typing import NamedTuple

MIRROR = "kubernetes.io/config.mirror"


class Verdict(NamedTuple):
    """The decision of a filter about a pod: skip the pod, or refuse the drain because of it."""

    refuses: bool
    text: str


def _mirror_pod(pod: dict, options: dict) -> Verdict | None:
    if MIRROR in (pod["metadata"].get("annotations") or {}):
        return Verdict(False, "is a static pod")
    return None


def _finished(pod: dict) -> bool:
    return (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")


def _controller(pod: dict) -> dict | None:
    owners = pod["metadata"].get("ownerReferences") or []
    return next((owner for owner in owners if owner.get("controller")), None)


def _daemon_set_pod(pod: dict, options: dict) -> Verdict | None:
    controller = _controller(pod)
    if controller and controller["kind"] == "DaemonSet" and not _finished(pod):
        return Verdict(False, f"belongs to DaemonSet {controller['name']}")
    return None


def _unreplicated_pod(pod: dict, options: dict) -> Verdict | None:
    if not _controller(pod) and not _finished(pod) and not options["force"]:
        return Verdict(True, "has no controller and would not come back (force: true)")
    return None


def _local_storage_pod(pod: dict, options: dict) -> Verdict | None:
    volumes = (pod.get("spec") or {}).get("volumes") or []
    has_local_data = any("emptyDir" in volume for volume in volumes)
    if has_local_data and not _finished(pod) and not options["delete_empty_dir"]:
        return Verdict(True, "keeps data in an emptyDir (delete_empty_dir: true)")
    return None


# the first filter that has a verdict decides; a pod without a verdict is evicted
FILTERS = (_mirror_pod, _daemon_set_pod, _unreplicated_pod, _local_storage_pod)


def filter_pods(pods: list[dict], options: dict) -> tuple[list[dict], list[str], list[str]]:
    """Decide which pods of a node are evicted.

    Args:
        pods: The pods of the node.
        options: ``force`` and ``delete_empty_dir`` of the module.

    Returns:
        The pods to evict, why other pods stay, and why the node cannot be drained.
    """
    evicted, skipped, refused = [], [], []
    for pod in pods:
        verdict = next(filter(None, (decide(pod, options) for decide in FILTERS)), None)
        if verdict is None:
            evicted.append(pod)
        else:
            name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
            (refused if verdict.refuses else skipped).append(f"{name} {verdict.text}")
    return evicted, skipped, refused
