"""The error of a wait that failed, with the reason of each object."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.status import debug_info
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FailureReason
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target

# collecting debug information takes time beyond the deadline, so only the first objects get it
MAX_EXPLAINED = 4


class Failure(NamedTuple):
    """One object that failed, and the pod that shows why, if there is one."""

    target: Target
    reason: FailureReason
    pod: dict | None


class WaitError(KubeError):
    """Some objects failed or were not ready at the deadline.

    Args:
        failures: What is known about each failed object, as the module returns it.
        omitted: How many further objects failed.
    """

    def __init__(self, failures: list[dict], omitted: int):
        message = "\n".join(debug_info.text(failure) for failure in failures)
        if omitted:
            message += f"\n... and {omitted} more"
        super().__init__(message, failures=failures)
        self.failures = failures


def wait_error(client: KubeClient, failures: list[Failure], waited: str = "") -> WaitError:
    """Return the error for these failures, with events and logs of the first objects.

    Args:
        client: Reads events and logs.
        failures: The failures. Of several for one object, the first counts.
        waited: Follows the reason in the message, for example the time that has passed.
    """
    unique: dict = {}
    for failure in failures:
        unique.setdefault(failure.target.ref, failure)
    explained = list(unique.values())[:MAX_EXPLAINED]
    found = client.parallel(
        lambda failure: debug_info.collect_debug_info(
            client, failure.target.ref, failure.reason, failure.target.status.text, failure.pod,
            waited,
        ),
        explained,
    )  # fmt: skip
    return WaitError(
        [entry for entry in found if isinstance(entry, dict)], len(unique) - len(explained)
    )
