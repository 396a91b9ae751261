"""Restore what a task changed."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    applied_fields,
    extract,
    union,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.recreation import (
    NOT_AGAIN,
    former_manifest,
    has_ended,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    SIZE_OF_CLAIM,
    reference,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.revisions import (
    pod_template,
    replica_sets,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import rollout_status

GROWN = "stays, a claim does not shrink"


def previous_manifest(before: dict, after: dict, manager: str) -> dict:
    """Return the manifest whose apply makes ``after`` equal to ``before`` again.

    It has the fields that the manager applied before, and the fields that the task took over from
    other managers or from the server, with their old values.
    """
    owned_before = applied_fields(before, manager) or {}
    owned_after = applied_fields(after, manager) or {}
    return extract(before, union(owned_before, owned_after))


def last_good_template(client: KubeClient, deployment: dict) -> dict | None:
    """Return the pod template of the newest earlier revision with ready pods, or None.

    It is needed when the state before the task had itself failed, so that restoring it would not
    help.
    """
    for candidate in reversed(replica_sets(client, deployment)[:-1]):
        if (candidate.get("status") or {}).get("readyReplicas"):
            return pod_template(candidate)
    return None


def restore(applier: Applier, done: list[ObjectChange]) -> tuple[list[ObjectChange], list[dict]]:
    """Restore what a task changed. What it created is not touched.

    Returns:
        The changes, and for each object what it was restored to.
    """
    restored: list[dict] = []
    manifests = []
    for change in done:
        if not change.before or change.action not in (
            "configured",
            "recreated",
            "deleted",
            "pruned",
        ):
            continue
        if _has_grown(change):
            restored.append({**reference(change.ref), "restored": GROWN})
            continue
        if change.action == "configured" and change.after:
            before, note = _state_to_restore(applier.client, change)
            manifest = previous_manifest(before, change.after, applier.options.manager)
        elif has_ended(change.before):
            restored.append({**reference(change.ref), "restored": NOT_AGAIN})
            continue
        else:
            # a new object has none of the fields that other clients had set
            manifest, note = former_manifest(change.before), "created again as before the task"
        manifests.append(manifest)
        restored.append({**reference(change.ref), "restored": note})
    changes = applier.overriding().apply(manifests, {}) if manifests else []
    replaced = {
        c.ref: c.after or {} for c in done if c.action == "recreated" and has_ended(c.before or {})
    }
    applier.delete(list(replaced), wait=False, live=replaced)
    return changes, restored


def _has_grown(change: ObjectChange) -> bool:
    """Return whether a claim has another size. The server would refuse the former one, and with it the rollback."""
    is_claim = change.ref.own_kind == "PersistentVolumeClaim"
    return is_claim and any(one["field"] == SIZE_OF_CLAIM for one in change.changes)


def _state_to_restore(client: KubeClient, change: ObjectChange) -> tuple[dict, str]:
    if change.ref.own_kind == "Deployment" and not rollout_status(change.before).done:
        template = last_good_template(client, change.before)
        if template:
            spec = {**change.before["spec"], "template": template}
            return {**change.before, "spec": spec}, "the last revision with ready pods"
    return change.before, "as before the task"
