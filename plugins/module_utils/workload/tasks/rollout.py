"""What the ``workload_rollout`` module does."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import ansible_diff, changes
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_observed, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops import undo as kube_rollout
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.restart import restart
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import rollout_status
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.target import Target
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.waiter import Waiter
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import (
    check_reference,
    find,
)


class RolloutTask:
    """One run of the module. ``params`` are its parameters; ``check`` is check mode."""

    def __init__(self, params: dict, check: bool = False):
        self.params = params
        self.check = check
        self.deadline = Deadline(params["wait_timeout"])

    def run(self) -> dict:
        """Look, act, wait, look again. Raises KubeError."""
        check_reference(self.params)
        if self.params["to_revision"] < 0:
            raise KubeError("to_revision: a number from 0")
        client = KubeClient(self.params)
        resources = Discovery(client)
        before = find(client, resources, self.params)
        if before["kind"] not in ROLLOUT_KINDS:
            raise KubeError(f"{ref_of(before)}: a {before['kind']} has no rollout")
        if self.params["action"] == "undo":
            before = self._once_observed(client, resources, before)
        after = self._act(client, resources, before)
        difference = changes(before, after)
        result: dict = {
            "changed": bool(difference) or (self.check and self.params["action"] == "restart")
        }
        if difference:
            result["changes"] = difference
            result["diff"] = ansible_diff([(before, after)])
        if self._waits(after):
            self._wait(client, resources, after, result)
            after = client.get(resources.path(ref_of(before)))
        progress = rollout_status(after)
        result["history"] = kube_rollout.history(client, after)
        result["status"] = {"done": progress.done, "text": progress.text}
        result["revision"] = max(
            (entry["revision"] for entry in result["history"] if entry["current"]), default=0
        )
        return result

    def _act(self, client: KubeClient, resources: Discovery, workload: dict) -> dict:
        path, action = resources.path(ref_of(workload)), self.params["action"]
        if action == "undo":
            number = self.params["to_revision"]
            return kube_rollout.undo(client, path, workload, number, self.check)[0]
        if action == "restart" and not self.check:
            if workload["spec"].get("paused"):
                raise KubeError(f"{ref_of(workload)}: the rollout is paused; resume it first")
            return restart(client, resources, ref_of(workload))
        if action in ("pause", "resume"):
            return kube_rollout.pause(client, path, workload, action == "pause", self.check)
        return workload

    def _once_observed(self, client: KubeClient, resources: Discovery, workload: dict) -> dict:
        """The workload when its controller has made a revision of the latest declaration; before, the
        one that is to be undone would not count.
        """
        if is_observed(workload):
            return workload
        key = ref_of(workload)
        wait_until(
            client,
            resources.require(key.api_version, key.kind).collection(key.namespace),
            key.name,
            lambda now: now is None or is_observed(now),
            self.deadline,
            f"{key}: its controller has not seen the latest declaration",
        )
        return client.get(resources.path(key))

    def _waits(self, workload: dict) -> bool:
        action = self.params["action"]
        return (
            self.params["wait"]
            and not self.check
            and action not in ("history", "pause")
            and not workload["spec"].get("paused")
        )

    def _wait(self, client: KubeClient, resources: Discovery, workload: dict, result: dict) -> None:
        given = {k: v for k, v in (self.params.get("fail_after") or {}).items() if v is not None}
        waiter = Waiter(client, resources, self.deadline, FailureThresholds(**given))
        try:
            waiter.wait([Target(ref_of(workload), workload)])
        except KubeError as error:
            error.result = {**result, **error.result}
            raise
