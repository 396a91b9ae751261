"""Delete the objects of a task."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import has_member
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.owners import (
    check_deletable,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.removal import (
    delete_release,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.removal import objects_of_apps
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import keep_data


def delete_objects(context: ApplyContext, objects: list[dict]) -> None:
    """Delete manifests, and everything that belongs to the applications of the task.

    Persistent data is kept unless the task removes it explicitly. A task that adopts nothing deletes only members of
    its set.

    Raises:
        ApplyError: The API server refused to delete an object.
        KubeError: A manifest belongs to another set or release, data would go with an object, or the API server refused
            to read an object.
    """
    cluster, result = context.cluster, context.result
    live = read_live(cluster.client, cluster.discovery, [ref_of(obj) for obj in objects])
    if not context.params["force"]:
        check_deletable(context, live)
    live.update(objects_of_apps(cluster.client, cluster.discovery, context.declaration.removed))
    if not context.params["adopt"]:
        record = context.named_set()
        live = {ref: obj for ref, obj in live.items() if has_member(record, obj)}
    result.hide_secrets_in(list(live.values()))
    kept = keep_data(context, live)
    refs = [ref for ref in live if ref not in kept]
    if context.declaration.release:
        delete_release(context)
    cluster.progress(f"deleting {len(refs)} objects")
    result.collect(lambda: context.applier.delete(refs, wait=context.waits_for_deletion, live=live))
