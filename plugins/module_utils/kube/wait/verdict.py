"""Decide about the targets of a wait, unless an outage hides their state."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import UnseenError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import first_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.failure_detector import (
    FailureDetector,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.subscriptions import (
    Subscriptions,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target


def judge(
    waiting: list[Target],
    detector: FailureDetector,
    subscriptions: Subscriptions,
    deadline: Deadline,
) -> None:
    """Fail targets that cannot reach their goal, or have not reached it at the deadline.

    What was seen before an outage proves nothing, so a task sits the outage out until the deadline.

    Args:
        waiting: The targets that have not reached their goal.
        detector: Knows what holds them up.
        subscriptions: Know whether the last events are up to date.
        deadline: The end of the wait.

    Raises:
        WaitError: A target failed, or has not reached its goal at the deadline.
        UnseenError: The state of the targets is not known at the deadline.
    """
    late, after = deadline.passed, f" (not ready after {deadline.seconds:g} s)"
    outage = subscriptions.trouble(of_targets=late)
    if not outage:
        try:
            detector.check(waiting)
            if late:
                detector.fail(waiting, after)
        except WaitError:
            outage = subscriptions.silence()
            if not outage:
                raise
    if late:
        names = first_of([target.ref for target in waiting])
        raise UnseenError(f"{names}{after}, and the state is not known: {outage}")
