"""The objects that a task waits for."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import SCALABLE_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    is_observed,
    matches,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import (
    Status,
    desired_replicas,
    rollout_status,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    ServiceProbe,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event

INITIAL_PROBE_BACKOFF = 0.1


@dataclass
class Target:
    """One object to wait for, and what the wait has found out about it.

    Args:
        ref: Identifies the object.
        obj: The object as the API server returned it last.
        created: Whether this task created it, so that all of its pods are new.
        probes: The services that must answer before the object counts as serving.
        unblock: Whether the task changed a StatefulSet, so that broken pods of its old revision may be deleted: the
            StatefulSet itself waits for them for ever.
    """

    ref: ObjectRef
    obj: dict
    created: bool = False
    probes: list[ServiceProbe] = field(default_factory=list)
    unblock: bool = False

    # More pods than in the state before: a refusal of pods has ended.
    has_more_pods: bool = False
    status: Status = Status(False, "not seen yet")
    # Conditions of an earlier declaration, which stay in the status until the controller has progressed.
    stale: tuple[dict, ...] = ()
    done_after: float | None = None
    answers: dict[str, str] = field(default_factory=dict)
    is_probing: bool = False
    next_probe: float = 0.0
    probe_backoff: float = INITIAL_PROBE_BACKOFF

    def __post_init__(self) -> None:
        if not is_observed(self.obj):
            self.stale = tuple((self.obj.get("status") or {}).get("conditions") or ())

    @property
    def judged(self) -> dict:
        """Return the object without conditions that are about an earlier declaration."""
        status = self.obj.get("status") or {}
        conditions = [one for one in status.get("conditions") or [] if one not in self.stale]
        return {**self.obj, "status": {**status, "conditions": conditions}}

    @property
    def wants_pods(self) -> bool:
        """Return whether the declaration has pods; the trouble of those that end does not count."""
        return self.ref.own_kind not in SCALABLE_KINDS or desired_replicas(self.obj) > 0

    @property
    def uid(self) -> str:
        """Return the uid of the object that was applied."""
        return self.obj["metadata"].get("uid", "")

    @property
    def is_open(self) -> bool:
        """Return whether the wait for this object continues."""
        return self.done_after is None

    def finish(self, seconds: float) -> None:
        """Record that the object reached its goal after so many seconds."""
        self.done_after = seconds

    def observe(self, obj: dict, elapsed: float) -> None:
        """Take a new state of the object, seen ``elapsed`` seconds after the start."""
        self.has_more_pods = _pods_of(obj) > _pods_of(self.obj)
        self.obj = obj
        self.status = rollout_status(obj)
        if self.status.done and not self.probes and self.is_open:
            self.finish(elapsed)

    def owns(self, pod: dict) -> bool:
        """Return whether a tracked pod belongs to this object."""
        if self.ref.namespace != pod["namespace"]:
            return False
        if self.ref.own_kind == "Pod":
            return self.uid == pod["uid"]
        if self.ref.own_kind != "Deployment":
            return self.uid in pod["owners"]
        # its pods name a ReplicaSet, which the revision check compares
        return bool(pod["owners"]) and matches(
            (self.obj.get("spec") or {}).get("selector"), pod["labels"]
        )

    def result(self) -> dict:
        """Return the outcome as a module returns it."""
        return {
            "kind": self.ref.kind,
            "namespace": self.ref.namespace,
            "name": self.ref.name,
            "state": self.status.text,
            "seconds": round(self.done_after or 0.0, 3),
            "answers": list(self.answers.values()),
        }


def _pods_of(obj: dict) -> int:
    status = obj.get("status") or {}
    names = ("replicas", "currentNumberScheduled", "active")
    return max(status.get(name) or 0 for name in names)


class TargetSet:
    """All targets of one wait.

    Args:
        deadline: Measures how long each target took.
    """

    def __init__(self, deadline: Deadline):
        self._deadline = deadline
        self._by_place: dict[tuple[str, str, str], dict[str, Target]] = {}

    def add(self, target: Target) -> None:
        """Add a target, and judge it by the object that the task already has."""
        place = (target.ref.api_version, target.ref.kind, target.ref.namespace)
        self._by_place.setdefault(place, {})[target.ref.name] = target
        target.observe(target.obj, self._deadline.elapsed())

    def all(self) -> list[Target]:
        """Return all targets."""
        return [target for here in self._by_place.values() for target in here.values()]

    def open(self) -> list[Target]:
        """Return the targets that have not reached their goal."""
        return [target for target in self.all() if target.is_open]

    def by_uid(self) -> dict[str, Target]:
        """Return all targets by uid."""
        return {target.uid: target for target in self.all()}

    def update(self, event: Event) -> tuple[list[Target], list[Target]]:
        """Take an event of a watch on targets.

        Returns:
            The targets that changed, and the targets that were deleted.
        """
        _, api_version, kind, namespace = event.tag
        targets = self._by_place[(api_version, kind, namespace)]
        if event.kind == "FAILED":
            for target in targets.values():
                target.status = Status(False, "cannot be watched")
                target.finish(self._deadline.elapsed())
            return [], []
        objects = event.value if event.kind == "LIST" else [event.value]
        found = {
            obj["metadata"]["name"]: obj for obj in objects if obj["metadata"]["name"] in targets
        }
        if event.kind == "DELETED":
            return [], [targets[name] for name in found]
        for name, obj in found.items():
            # items of a list do not have these two fields
            whole = {"apiVersion": api_version, "kind": kind, **obj}
            targets[name].observe(whole, self._deadline.elapsed())
        missing = set(targets) - set(found) if event.kind == "LIST" else set()
        return [targets[name] for name in found], [targets[name] for name in sorted(missing)]
