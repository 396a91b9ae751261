"""Delete objects of any kind: the work of the ``objects_delete`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import (
    DataGuard,
    is_marked,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deleter import Deleter
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_wait import (
    wait_until_all_deleted,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    is_ending,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    check_number,
    check_selection,
    resource_of,
    select_objects,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.batch import Batch


class DeleteTask:
    """One run of the module.

    Args:
        params: The parameters of the module.
        check: Whether the run only predicts its changes.
        diff: Whether the result contains a diff.
    """

    def __init__(self, params: dict, check: bool = False, diff: bool = False):
        self._params = params
        self._check = check
        self._diff = diff

    def run(self) -> dict:
        """Delete the selected objects, and wait until they are gone.

        Raises:
            KubeError: The parameters have a mistake, the deletion would take data along, the API server refused it, or
                an object still exists at the deadline.
        """
        check_selection(self._params)
        if (self._params.get("grace_period") or 0) < 0:
            raise KubeError("grace_period: a number of seconds from 0")
        cluster = Cluster.connect(self._params, "objects_delete", self._check)
        if self._params["all"] and not resource_of(cluster.discovery, self._params).namespaced:
            raise KubeError("all: is for kinds with a namespace; give names or a selector")
        found, _ = select_objects(cluster.client, cluster.discovery, self._params)
        check_number(found, self._params)
        chosen = [obj for obj in found if not is_marked(obj)]
        result: dict = {"kept": [str(ref_of(obj)) for obj in found if is_marked(obj)]}
        guard = DataGuard(
            cluster.client, cluster.discovery, self._params["propagation"] == "orphan"
        )
        if not self._params["remove_data"]:
            guard.check(chosen)
        result["warnings"] = guard.warnings
        result.update(self._delete(cluster, chosen))
        return result

    def _delete(self, cluster: Cluster, objects: list[dict]) -> dict:
        deleter = Deleter(cluster.client, cluster.discovery, cluster.deadline, self._check)
        settings: dict = {"propagationPolicy": self._params["propagation"].capitalize()}
        grace = self._params.get("grace_period")
        if grace is not None:
            settings["gracePeriodSeconds"] = grace
        # one that ends already is only waited for, unless it is to end sooner
        asked = [obj for obj in objects if grace is not None or not is_ending(obj)]
        batch = Batch(
            cluster.client, lambda obj: deleter.delete_object(ref_of(obj), False, obj, settings)
        )
        batch.run(asked)
        result = batch.result()
        if self._diff:
            result["diff"] = batch.diff()
        if self._params["wait"] and objects and not self._check:
            self._wait(cluster, objects, result)
        return result

    def _wait(self, cluster: Cluster, objects: list[dict], result: dict) -> None:
        cluster.progress(f"waiting for the end of {len(objects)} objects")
        resource = resource_of(cluster.discovery, self._params)
        try:
            wait_until_all_deleted(cluster.client, resource, objects, cluster.deadline)
        except KubeError as error:
            error.result = {**result, **error.result}
            raise


def delete_selected(module) -> dict:
    """Delete the objects that the parameters of a module select."""
    return DeleteTask(module.params, module.check_mode, module._diff).run()
