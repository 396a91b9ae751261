"""Find the targets of a wait that have failed."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_outdated
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    AT_ONCE,
    FailureReason,
    FailureThresholds,
    blocked_by,
    workload_failure_reason,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import (
    Failure,
    wait_error,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.pod_tracker import PodTracker
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.revision_check import (
    RevisionCheck,
    is_waited_for,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target, TargetSet
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Event


class FailureDetector:
    """Judges the targets of one wait.

    Args:
        client: Reads revisions, events and logs, and deletes pods that block a rollout.
        thresholds: How long each class of failure may last.
        targets: The targets.
        progress: Receives a line when a pod was deleted.
    """

    def __init__(
        self,
        client: KubeClient,
        thresholds: FailureThresholds,
        targets: TargetSet,
        progress: Callable[[str], None],
    ):
        self.pods = PodTracker(thresholds, targets)
        self.revisions = RevisionCheck(client, progress)
        self._client = client
        self._thresholds = thresholds
        self._targets = targets
        self._clock = self.pods.clock

    @property
    def is_suspicious(self) -> bool:
        """Return whether any object is in trouble."""
        return bool(self._clock)

    def take_objects(self, event: Event) -> None:
        """Take an event of a watch on targets.

        Raises:
            WaitError: A target was deleted before it reached its goal.
        """
        changed, deleted = self._targets.update(event)
        reason = FailureReason("Deleted", "another client deleted it during the wait", AT_ONCE)
        failures = [Failure(target, reason, None) for target in deleted if target.is_open]
        if failures:
            raise wait_error(self._client, failures)
        for target in changed:
            self.revisions.object_changed(target)
            if target.has_more_pods:
                self._clock.forget(target.uid)

    def check(self, targets: list[Target]) -> None:
        """Check whether targets can still reach their goal.

        Raises:
            WaitError: At least one of them cannot.
        """
        failures = self._failures(targets)
        if failures:
            raise wait_error(self._client, failures)

    def fail(self, targets: list[Target], waited: str) -> None:
        """Fail targets that are not ready at the deadline.

        Raises:
            WaitError: Always, with the best known reason of each target.
        """
        raise wait_error(self._client, list(map(self._late_failure, targets)), waited)

    def _failures(self, targets: list[Target]) -> list[Failure]:
        found = []
        for target in targets:
            failure = self._own_failure(target)
            if failure:
                found.append(failure)
        for uid in self._clock.uids():
            reason, pod = self._clock.reason(uid), self.pods.get(uid)
            if pod and self._clock.expired(uid, reason):
                found += self._failures_by_pod(targets, reason, pod)
        return found

    def _own_failure(self, target: Target) -> Failure | None:
        """Return the failure that the status of the target or an event about it shows."""
        reason = None
        if not target.wants_pods:
            return None
        if not is_outdated(target.obj):
            reason = workload_failure_reason(target.judged, self._thresholds)
        # the status takes its reason back, which an event never does
        key = f"{target.uid}/status"
        if not reason:
            self._clock.forget(key)
        else:
            self._clock.note(key, reason)
            if self._clock.expired(key, reason):
                # a pod explains why the rollout makes no progress, not why pods are refused
                pod = None if reason.reason == "FailedCreate" else self._failing_pod(target)
                return Failure(target, self._clock.reason(pod["uid"]) if pod else reason, pod)
        reason = self._clock.reason(target.uid)
        if reason and self._clock.expired(target.uid, reason):
            return Failure(target, reason, None)
        return None

    def _failures_by_pod(
        self, targets: list[Target], reason: FailureReason, pod: dict
    ) -> list[Failure]:
        """Return the failures of those targets whose current revision has this pod."""
        found = []
        for target in targets:
            if not target.owns(pod) or (target.ref.own_kind == "Job" and reason.crashed):
                # a Job replaces pods that crash, up to its own limit
                continue
            if not target.wants_pods:
                continue
            if self.revisions.is_current(target, pod):
                found.append(Failure(target, reason, pod))
            elif self.revisions.has_hash(target):
                if target.unblock:
                    self.revisions.unblock(target, pod)
                elif is_waited_for(target, pod):
                    found.append(Failure(target, blocked_by(pod, reason), pod))
        return found

    def _failing_pod(self, target: Target) -> dict | None:
        """Return a pod of the current revision whose trouble explains that of the target."""
        for uid in self._clock.uids():
            pod = self.pods.get(uid)
            if pod and target.owns(pod) and self.revisions.is_current(target, pod):
                return pod
        return None

    def _late_failure(self, target: Target) -> Failure:
        pod = self._failing_pod(target)
        reason = (
            (self._clock.reason(pod["uid"]) if pod else None)
            or self._clock.reason(target.uid)
            or workload_failure_reason(target.judged, self._thresholds)
            or FailureReason("Timeout", target.status.text, None)
        )
        return Failure(target, reason, pod)
