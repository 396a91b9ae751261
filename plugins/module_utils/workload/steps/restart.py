"""Restart the workloads that an apply did not roll."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import template_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.restart import restart
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext


def restart_unchanged(context: ApplyContext, changes: list[ObjectChange]) -> None:
    """Restart the workloads whose pods the apply did not replace.

    Args:
        context: The run of the module.
        changes: The changes of the apply.

    Raises:
        KubeError: The API server refused a restart.
    """
    cluster, result = context.cluster, context.result
    restarted = result.fields.setdefault("restarted", [])
    for change in changes:
        if change.ref.own_kind not in ROLLOUT_KINDS or _is_rolled(change):
            continue
        if not cluster.check:
            change.after = restart(cluster.client, cluster.discovery, change.ref)
        restarted.append(str(change.ref))


def _is_rolled(change: ObjectChange) -> bool:
    """Return whether the apply replaced the pods: another number of pods does not."""
    if not change.changed:
        return False
    before, after = change.before, change.after
    return not before or not after or template_of(before) != template_of(after)
