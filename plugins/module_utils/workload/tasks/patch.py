"""Patch existing objects of any kind: the work of the ``objects_patch`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.patch import ObjectPatcher
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.patch import (
    parse_patch,
    without_values,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    check_number,
    check_selection,
    select_objects,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.batch import Batch
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.expectations import (
    expect,
    expectations_of_each,
)


def patch_objects(module) -> dict:
    """Patch the objects that the parameters of a module select.

    Raises:
        KubeError: The parameters have a mistake, an object does not exist, or a patch was refused. The result has the
            objects that were patched.
    """
    params = module.params
    patch = parse_patch(params, module.check_mode)
    check_selection(params)
    if params["kind"] == "Secret":
        params["patch"] = without_values(params["patch"])
    cluster = Cluster.connect(params, "objects_patch", module.check_mode)
    found, missing = select_objects(cluster.client, cluster.discovery, params)
    if missing or not found:
        absent = ", ".join(map(str, missing)) or f"a {params['kind']} that the selectors match"
        raise KubeError(f"{absent} does not exist; nothing was patched")
    check_number(found, params)
    expected = expectations_of_each(params["wait_for"] or [], found)

    client, discovery = cluster.client, cluster.discovery
    batch = Batch(
        client, lambda live: ObjectPatcher(client, discovery.path(ref_of(live)), live, patch).run()
    )
    batch.run(found)
    result = batch.result()
    if module._diff:
        result["diff"] = batch.diff(with_status=patch.subresource == "status")
    if expected and not module.check_mode:
        expect(cluster, expected, result)
    return result
