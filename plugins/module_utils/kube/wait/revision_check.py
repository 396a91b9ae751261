"""Decide whether a pod belongs to the revision that a wait is about."""

from __future__ import annotations

import time
from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.revisions import (
    ALL_PODS,
    HASH,
    UNKNOWN_OWNER,
    current_owner,
    is_current,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target

RECHECK_SECONDS = 1.0


class RevisionCheck:
    """The marks of the pods of the current revision of each target. They are read again each second.

    Args:
        client: Reads the revisions, and deletes pods that block a rollout.
        progress: Receives a line when a pod was deleted.
    """

    def __init__(self, client: KubeClient, progress: Callable[[str], None]):
        self.unblocked: list[str] = []
        self._client = client
        self._progress = progress
        self._owners: dict[ObjectRef, tuple[tuple[str, str], float]] = {}

    def is_current(self, target: Target, pod: dict) -> bool:
        """Return whether a tracked pod belongs to the current revision of a target."""
        owner, valid_until = self._owners.get(target.ref, (UNKNOWN_OWNER, 0.0))
        now = time.monotonic()
        if now >= valid_until:
            owner = self._read(target)
            self._owners[target.ref] = owner, now + RECHECK_SECONDS
        return is_current(pod, owner)

    def _read(self, target: Target) -> tuple[str, str]:
        try:
            return current_owner(self._client, target.obj, target.created)
        except KubeError:
            # all pods of a new object are new
            return ALL_PODS if target.created else UNKNOWN_OWNER

    def has_hash(self, target: Target) -> bool:
        """Return whether the hash of the current revision of a target is known."""
        owner, _ = self._owners.get(target.ref, (UNKNOWN_OWNER, 0.0))
        return owner[0] == "hash" and bool(owner[1])

    def object_changed(self, target: Target) -> None:
        """Read the revision again immediately if it was unknown before the object changed."""
        if self._owners.get(target.ref, (UNKNOWN_OWNER, 0.0))[0] == UNKNOWN_OWNER:
            self._owners.pop(target.ref, None)

    def unblock(self, target: Target, pod: dict) -> None:
        """Delete a broken pod of an old revision, for which a StatefulSet waits forever.

        The pod must belong to the StatefulSet, and the StatefulSet must be about to replace it by itself.
        """
        if pod["name"] in self.unblocked or not is_to_be_replaced(target, pod):
            return
        self.unblocked.append(pod["name"])
        namespace = path_segment(pod["namespace"])
        path = f"/api/v1/namespaces/{namespace}/pods/{path_segment(pod['name'])}"
        self._client.delete(path, {"preconditions": {"uid": pod["uid"]}})
        self._progress(
            f"{target.ref}: deleted pod {pod['name']}, which was broken and of an old revision"
        )


def is_waited_for(target: Target, pod: dict) -> bool:
    """Return whether a StatefulSet waits for a pod of an old revision before it replaces any pod.

    Only ordered StatefulSets do: https://github.com/kubernetes/kubernetes/issues/67250.
    """
    policy = target.obj["spec"].get("podManagementPolicy") or "OrderedReady"
    return policy == "OrderedReady" and is_to_be_replaced(target, pod)


def is_to_be_replaced(target: Target, pod: dict) -> bool:
    """Return whether a StatefulSet replaces a pod of an old revision: by owner, strategy and partition."""
    strategy = target.obj["spec"].get("updateStrategy") or {}
    partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    ordinal = pod["name"].rpartition("-")[2]
    return (
        target.ref.own_kind == "StatefulSet"
        and target.uid in pod["owners"]
        and pod["labels"].get(HASH) is not None
        and strategy.get("type", "RollingUpdate") == "RollingUpdate"
        and ordinal.isdigit()
        and int(ordinal) >= partition
    )
