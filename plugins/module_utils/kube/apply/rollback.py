"""Back to what was there before a task: every object of it, or only those that it made."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import (
    managed_fields as kube_managed,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import (
    Applier,
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import apply_wave
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import reference
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.revisions import (
    pod_template,
    replica_sets,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import rollout_status


def previous_manifest(before: dict, after: dict, manager: str) -> dict:
    """What to apply so that ``after`` becomes ``before`` again.

    These are the fields that were applied before, and those that the task set over a value of
    somebody
    else or of the server, with their old values.
    """
    ours = kube_managed.applied_fields(before, manager) or {}
    taken = kube_managed.applied_fields(after, manager) or {}
    return kube_managed.extract(before, _union(ours, taken))


def _union(one: dict, other: dict) -> dict:
    """Both field sets. A whole that is set at once (no fields below) stays one."""
    result = dict(one)
    for name, below in other.items():
        if name not in result:
            result[name] = below
        elif result[name] and below:
            result[name] = _union(result[name], below)
        else:
            result[name] = {}
    return result


def last_good_template(client: KubeClient, deployment: dict) -> dict | None:
    """The pod template of the newest revision of a Deployment that has ready pods, when that is not
    the current.

    Wanted when the state before the task had itself not succeeded: it would not help to restore it.
    """
    sets = replica_sets(client, deployment)
    for candidate in reversed(sets[:-1]):
        if (candidate.get("status") or {}).get("readyReplicas"):
            return pod_template(candidate)
    return None


def roll_back(applier: Applier, done: list[ObjectChange]) -> tuple[list[ObjectChange], list[dict]]:
    """Restore what was changed and delete what was made; (changes, what was restored to what)."""
    restored: list[dict] = []
    declarations = []
    for change in done:
        if (
            change.action not in ("configured", "recreated")
            or not change.before
            or not change.after
        ):
            continue
        before, note = change.before, "as before the task"
        if change.ref.kind == "Deployment" and not rollout_status(before).done:
            template = last_good_template(applier.client, before)
            if template:
                before = {**before, "spec": {**before["spec"], "template": template}}
                note = "the last revision with ready pods"
        declarations.append(previous_manifest(before, change.after, applier.manager))
        restored.append({**reference(change.ref), "restored": note})
    applier.force = True
    applier.recreate = True
    applier.validate = "Ignore"
    changes = applier.apply(declarations, {}) if declarations else []
    changes += delete_made(applier, done, restored)
    return changes, restored


def delete_made(
    applier: Applier, done: list[ObjectChange], notes: list[dict]
) -> list[ObjectChange]:
    """Delete what the task made; what was there before stays as it is."""
    made = [change.ref for change in done if change.action == "created"]
    made.sort(key=lambda key: apply_wave(key.kind))
    notes += [{**reference(key), "restored": "deleted, the task had made it"} for key in made]
    return applier.delete(made, wait=False)
