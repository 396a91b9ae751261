"""Operate the rollout of a workload: the work of the ``workload_rollout`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import (
    check_reference,
    find,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.rollout_action import (
    act_on_rollout,
    wait_until_noticed,
    wait_until_observed,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.rollout_report import (
    change_report,
    rollout_report,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.rollout_wait import (
    wait_for_rollout,
)


class RolloutTask:
    """One run of the module.

    Args:
        params: The parameters of the module.
        check: Whether the run only predicts its changes.
    """

    def __init__(self, params: dict, check: bool = False):
        self._params = params
        self._check = check

    def run(self) -> dict:
        """Perform the action and wait for its rollout.

        Returns:
            The result of the module.

        Raises:
            KubeError: The workload has no rollout, the action failed, or the wait failed.
        """
        check_reference(self._params)
        if self._params["to_revision"] < 0:
            raise KubeError("to_revision: a number from 0")
        cluster = Cluster.connect(self._params, "workload_rollout", self._check)
        before = find(cluster.client, cluster.discovery, self._params)
        if before["kind"] not in ROLLOUT_KINDS:
            raise KubeError(f"{ref_of(before)}: a {before['kind']} has no rollout")
        action = self._params["action"]
        if action == "undo":
            before = wait_until_observed(cluster, before)
        after = act_on_rollout(cluster, self._params, before)
        result = change_report(before, after)
        result["changed"] = bool(result) or (self._check and action == "restart")
        try:
            if self._waits_for(after):
                unblock = result["changed"] and action in ("undo", "restart")
                after = after if result["changed"] else wait_until_noticed(cluster, after)
                wait_for_rollout(cluster, [(ref_of(after), after)], result, unblock)
                after = cluster.client.get(cluster.discovery.path(ref_of(after)))
            return {**result, **rollout_report(cluster.client, after)}
        except KubeError as error:
            # the action was carried out
            error.result = {**result, **error.result}
            raise

    def _waits_for(self, workload: dict) -> bool:
        return (
            self._params["wait"]
            and not self._check
            and self._params["action"] not in ("history", "pause")
            and not workload["spec"].get("paused")
        )


def operate_rollout(module) -> dict:
    """Operate the rollout of the workload that a module names."""
    return RolloutTask(module.params, module.check_mode).run()
