"""Remove a release: its hooks, its recorded objects, and its record."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import ApplySet
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.release import record
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.hooks import run_hooks
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import (
    keep_marked_and_data,
)


def delete_release(context: ApplyContext) -> None:
    """Delete the release of a task, except its definitions, its data, and what is marked to be kept.

    Raises:
        KubeError: Helm has the release, a hook failed, or the API server refused.
    """
    release, cluster = context.declaration.release, context.cluster
    known = record.read_record(cluster.client, release.namespace, release.name)
    if not known:
        if record.helm_revisions(cluster.client, release.namespace, release.name):
            raise KubeError(
                f"release {release.name} in {release.namespace} belongs to helm; nothing was deleted. Remove it with "
                f"`helm uninstall {release.name} --namespace {release.namespace}`"
            )
        return
    applyset = ApplySet(
        cluster.client, cluster.discovery, context.params["applyset"], release.namespace
    )
    applyset.read()
    members = applyset.prune_candidates([])
    context.result.hide_secrets_in(list(members.values()))
    kept = keep_marked_and_data(context, members)
    run_hooks(context, release.hooks, "pre-delete")
    refs = [ref for ref in members if ref not in kept]
    cluster.progress(f"deleting {len(refs)} objects of the release {release.name}")
    wait = context.waits_for_deletion
    context.result.collect(lambda: context.applier.delete(refs, wait=wait, live=members))
    run_hooks(context, release.hooks, "post-delete")
    _forget(context, applyset, kept)


def _forget(context: ApplyContext, applyset: ApplySet, kept: list[ObjectRef]) -> None:
    """Delete the record, and helm's Secrets of a release that was taken over."""
    release, cluster = context.declaration.release, context.cluster
    taken = record.helm_revisions(
        cluster.client, release.namespace, release.name, record.TAKEN_OVER
    )
    secrets = {ref_of({"apiVersion": "v1", "kind": "Secret", **one}): one for one in taken}
    if kept and not cluster.check:
        # the record of the set stays for the objects that stay
        record.write_record(cluster.client, release.namespace, release.name, None)
        applyset.narrow_parent(kept)
    elif not kept:
        ref = ObjectRef("v1", "Secret", release.namespace, context.params["applyset"])
        secrets[ref] = applyset.parent
    context.result.collect(lambda: context.applier.delete(list(secrets), wait=False, live=secrets))
