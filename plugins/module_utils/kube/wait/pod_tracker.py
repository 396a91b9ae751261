"""Track the pods that are not ready yet, and the reasons that hold them up."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    condition,
    is_ready,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    BEFORE_CONTAINERS,
    EVENT_REASONS,
    FailureReason,
    FailureThresholds,
    containers_starting,
    event_failure_reason,
    pod_failure_reason,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.failure_clock import (
    FailureClock,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target, TargetSet
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event


class PodTracker:
    """The pods that are not ready, by uid.

    Args:
        thresholds: How long each class of failure may last.
        targets: Events about these objects count too.
    """

    def __init__(self, thresholds: FailureThresholds, targets: TargetSet):
        # the reasons of pods, and of the targets that events are about
        self.clock = FailureClock()
        self._thresholds = thresholds
        self._targets = targets
        self._pods: dict[str, dict] = {}
        self._seen: set[str] = set()
        # reasons from events about pods that no watch has reported yet
        self._early: dict[str, FailureReason] = {}

    def get(self, uid: str) -> dict | None:
        """Return the record of a pod that is not ready, or None."""
        return self._pods.get(uid)

    def take_pods(self, event: Event) -> None:
        """Take an event of a watch on pods."""
        if event.kind == "DELETED":
            self._forget(event.value["metadata"]["uid"])
            return
        if event.kind == "LIST":
            present = {pod["metadata"]["uid"] for pod in event.value}
            namespace = event.tag[1]
            for uid, pod in list(self._pods.items()):
                if pod["namespace"] == namespace and uid not in present:
                    self._forget(uid)
        for pod in event.value if event.kind == "LIST" else [event.value]:
            self._take_pod(pod)

    def _take_pod(self, pod: dict) -> None:
        uid = pod["metadata"]["uid"]
        self._seen.add(uid)
        early = self._early.pop(uid, None)
        if not is_awaited(pod):
            self._forget(uid)
            return
        self._pods[uid] = pod_record(pod)
        known = self.clock.reason(uid)
        if known and self._is_overcome(uid, known):
            self.clock.forget(uid)
            known = None
        reason = pod_failure_reason(pod, self._thresholds)
        if reason:
            self.clock.note(uid, reason)
        elif known and known.reason not in EVENT_REASONS:
            # a reason from the status ends with it; one from an event stays until the pod is ready
            self.clock.suspend(uid)
        if early:
            self._take_reason(uid, early)

    def take_events(self, event: Event) -> None:
        """Take an event of a watch on events."""
        if event.kind == "DELETED":
            return
        is_old, targets = event.kind == "LIST", self._targets.by_uid()
        for entry in event.value if is_old else [event.value]:
            reason = event_failure_reason(entry, self._thresholds)
            if reason:
                self._take_event(entry, reason, targets, is_old)

    def _take_event(
        self, entry: dict, reason: FailureReason, targets: dict[str, Target], is_old: bool
    ) -> None:
        about = entry.get("involvedObject") or {}
        uid = about.get("uid", "")
        if uid in targets:
            # an old event may be about an earlier declaration of an object that existed before
            if is_old and not targets[uid].created:
                return
        elif is_old and entry.get("reason") == "Failed":
            # the pull may be running again; only the pod's status shows that
            return
        elif about.get("kind") == "Pod" and uid not in self._seen:
            # events and pods come through different watches, in any order
            self._early[uid] = reason
            return
        elif uid not in self._pods:
            return
        self._take_reason(uid, reason)

    def _take_reason(self, uid: str, reason: FailureReason) -> None:
        if not self._is_overcome(uid, reason):
            self.clock.note_weakly(uid, reason)

    def _is_overcome(self, uid: str, reason: FailureReason) -> bool:
        """Return whether containers of the pod start, so that trouble before them is history."""
        pod = self._pods.get(uid)
        return reason.reason in BEFORE_CONTAINERS and pod is not None and pod["starting"]

    def _forget(self, uid: str) -> None:
        self._pods.pop(uid, None)
        self.clock.forget(uid)


def pod_record(pod: dict) -> dict:
    """Return the parts of a pod that the wait needs later."""
    metadata, spec = pod["metadata"], pod.get("spec") or {}
    return {
        "uid": metadata["uid"],
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "labels": metadata.get("labels") or {},
        "owners": [owner["uid"] for owner in metadata.get("ownerReferences") or []],
        "node": spec.get("nodeName", ""),
        "containers": [entry["name"] for entry in spec.get("containers") or []],
        "claims": [
            volume["persistentVolumeClaim"]["claimName"]
            for volume in spec.get("volumes") or []
            if volume.get("persistentVolumeClaim")
        ],
        "starting": containers_starting(pod),
    }


def is_awaited(pod: dict) -> bool:
    """Return whether a pod can still become ready."""
    return not is_ready(pod) and not pod["metadata"].get("deletionTimestamp")


def trim_pod(pod: dict) -> dict:
    """Return a listed pod without what the wait ignores: 10 000 whole pods take 200 MB."""
    metadata = {k: v for k, v in pod["metadata"].items() if k != "managedFields"}
    if is_awaited(pod):
        return {**pod, "metadata": metadata}
    # the tracker only forgets such a pod
    metadata = {k: v for k, v in metadata.items() if k in ("uid", "name", "deletionTimestamp")}
    return {"metadata": metadata, "status": {"conditions": [condition(pod, "Ready")]}}
