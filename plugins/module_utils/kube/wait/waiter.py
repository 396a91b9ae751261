"""Watch many objects, with one deadline, and fail early with the reason."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.endpoint_tracker import (
    EndpointTracker,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.failure_detector import (
    FailureDetector,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.subscriptions import (
    Subscriptions,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target, TargetSet
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.verdict import judge

TICK = 0.2
IDLE_TICK = 2.0


class Waiter:
    """Waits for a set of targets.

    Args:
        client: Sends the requests.
        discovery: The Discovery that finds the paths of kinds.
        deadline: When the wait ends.
        thresholds: How long each class of failure may last.
        progress: Receives a line whenever something became ready.
    """

    def __init__(
        self,
        client: KubeClient,
        discovery,
        deadline: Deadline,
        thresholds: FailureThresholds,
        progress: Callable[[str], None] = lambda text: None,
    ):
        self._deadline = deadline
        self._progress = progress
        self._targets = TargetSet(deadline)
        self._subscriptions = Subscriptions(client, discovery)
        self._endpoints = EndpointTracker(self._subscriptions.events, deadline)
        self._detector = FailureDetector(client, thresholds, self._targets, progress)
        self._handlers = {
            "workload": self._detector.take_objects,
            "pods": self._detector.pods.take_pods,
            "events": self._detector.pods.take_events,
            "slices": self._endpoints.take_slices,
            "answers": self._endpoints.take_answers,
        }

    @property
    def unblocked(self) -> list[str]:
        """Return the names of pods that were deleted because they blocked a rollout."""
        return self._detector.revisions.unblocked

    @property
    def warnings(self) -> list[str]:
        """Return the resources that could not be watched, and the reasons."""
        return [*self._subscriptions.warnings, *self._endpoints.warnings]

    def wait(self, targets: list[Target]) -> list[dict]:
        """Wait until all targets have reached their goal.

        Returns:
            The outcome of each target.

        Raises:
            WaitError: A target failed, or was not ready at the deadline.
            UnseenError: The API server refused to watch a target, or did not answer at the deadline.
        """
        for target in targets:
            self._targets.add(target)
        try:
            if self._targets.open():
                self._subscriptions.open(self._targets.open())
                self._loop()
        finally:
            self._subscriptions.close()
            self._endpoints.close()
        return [target.result() for target in targets]

    def _loop(self) -> None:
        waiting = self._targets.open()
        while waiting:
            self._subscriptions.dispatch(self._handlers, self._tick(waiting))
            for target in waiting:
                self._endpoints.check(target)
            before, waiting = len(waiting), self._targets.open()
            if len(waiting) != before:
                total = len(self._targets.all())
                self._progress(f"{total - len(waiting)} of {total} ready")
            if waiting:
                judge(waiting, self._detector, self._subscriptions, self._deadline)

    def _tick(self, waiting: list[Target]) -> float:
        """Return how many seconds to wait for an event: fewer when clocks or probes run."""
        is_busy = self._detector.is_suspicious or any(
            target.is_probing or target.next_probe for target in waiting
        )
        return min(TICK if is_busy else IDLE_TICK, self._deadline.remaining())
