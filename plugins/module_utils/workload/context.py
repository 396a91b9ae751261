"""The context that the steps of the workload module share."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import ApplySet
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.declaration import Declaration
from ansible_collections.slipway.lab.plugins.module_utils.workload.result import TaskResult


@dataclass(frozen=True)
class ApplyContext:
    """One run of the workload module on a cluster.

    Args:
        params: The parameters of the module.
        declaration: The applications and objects of the task.
        result: Receives the changes and the outcome of each step.
        cluster: The connection.
        applier: Applies and deletes objects as the parameters require.
    """

    params: dict
    declaration: Declaration
    result: TaskResult
    cluster: Cluster
    applier: Applier

    @classmethod
    def connect(
        cls, params: dict, declaration: Declaration, result: TaskResult, check: bool
    ) -> ApplyContext:
        """Return the context of a task that runs on the cluster of its parameters.

        Raises:
            KubeError: The parameters do not lead to an API server.
        """
        cluster = Cluster.connect(params, "workload", check)
        applier = cluster.applier(
            manager=params["field_manager"],
            force=params["force"],
            recreate=params["recreate"],
            validate=params["validate"],
        )
        return cls(params, declaration, result, cluster, applier)

    def named_set(self) -> ApplySet | None:
        """Return the ApplySet that the task names, which was not read yet, or None."""
        name = self.params.get("applyset")
        if not name:
            return None
        cluster, namespace = self.cluster, self.declaration.namespace
        return ApplySet(cluster.client, cluster.discovery, name, namespace)

    @property
    def waits_for_deletion(self) -> bool:
        """Check whether the task waits until deleted objects have disappeared."""
        return self.params["wait"] != "none"
