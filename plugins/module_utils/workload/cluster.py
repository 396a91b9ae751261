"""The connection of a task to its cluster."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.common.progress import Progress
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.waiter import Waiter


@dataclass(frozen=True)
class Cluster:
    """A connection with the deadline, the progress and the check mode of a task.

    Args:
        client: Sends the requests.
        discovery: Finds the paths of kinds.
        deadline: The end of all waits of the task.
        progress: Receives a line for each step.
        check: Whether the task only predicts its changes.
        thresholds: How long each class of failure may last.
    """

    client: KubeClient
    discovery: Discovery
    deadline: Deadline
    progress: Progress
    check: bool = False
    thresholds: FailureThresholds = FailureThresholds()

    @classmethod
    def connect(cls, params: dict, module: str, check: bool = False) -> Cluster:
        """Return the connection that the parameters of a module describe.

        Args:
            params: The parameters. Of these, ``wait_timeout`` is required.
            module: The name of the module, for its progress.
            check: Whether the module runs in check mode.

        Raises:
            KubeError: The parameters do not lead to an API server.
        """
        client = KubeClient(params)
        given = params.get("fail_after") or {}
        return cls(
            client,
            Discovery(client),
            Deadline(params["wait_timeout"]),
            Progress(params.get("progress_file"), module),
            check,
            FailureThresholds(**{k: v for k, v in given.items() if v is not None}),
        )

    def within(self, seconds: float) -> Cluster:
        """Return the same connection with another deadline, in seconds from now."""
        return replace(self, deadline=Deadline(seconds))

    def applier(self, **options) -> Applier:
        """Return an applier; ``options`` are fields of ApplyOptions."""
        return Applier(
            self.client,
            self.discovery,
            self.deadline,
            self.progress,
            dry_run=self.check,
            **options,
        )

    def waiter(self) -> Waiter:
        """Return a waiter that ends at the deadline."""
        return Waiter(self.client, self.discovery, self.deadline, self.thresholds, self.progress)
