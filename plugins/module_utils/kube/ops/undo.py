"""Revisions of a workload: what they were, and back to one of them."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    JSON_PATCH,
    MERGE,
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ref_of,
    seconds_since,
    template_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.revisions import (
    controller_revisions,
    pod_template,
    replica_sets,
    revision_of,
)

CAUSE = "kubernetes.io/change-cause"


def history(client: KubeClient, workload: dict) -> list[dict]:
    """Return the revisions of a workload, oldest first.

    Each is ``{revision, name, images, change_cause, seconds_ago, current, ready}``.
    """
    revisions = _revisions(client, workload)
    current = _current(workload, revisions)
    return [_entry(revision, revision["metadata"]["name"] == current) for revision in revisions]


def _revisions(client: KubeClient, workload: dict) -> list[dict]:
    if workload["kind"] == "Deployment":
        return replica_sets(client, workload)
    return controller_revisions(client, workload)


def _current(workload: dict, revisions: list[dict]) -> str:
    """Return the name of the workload's current revision; empty when there is none."""
    if workload["kind"] == "Deployment":
        named = [r for r in revisions if revision_of(r) == revision_of(workload)]
    else:
        newest = (workload.get("status") or {}).get("updateRevision")  # a DaemonSet has none
        named = [r for r in revisions if newest in (None, "", r["metadata"]["name"])]
    return named[-1]["metadata"]["name"] if named else ""


def _entry(revision: dict, current: bool) -> dict:
    metadata = revision["metadata"]
    return {
        "revision": revision_of(revision),
        "name": metadata["name"],
        "images": [
            container["image"] for container in pod_template(revision)["spec"]["containers"]
        ],
        "change_cause": (metadata.get("annotations") or {}).get(CAUSE, ""),
        "seconds_ago": round(seconds_since(metadata.get("creationTimestamp"))),
        "current": current,
        "ready": (revision.get("status") or {}).get("readyReplicas", 0),
    }


def undo(client: KubeClient, path: str, workload: dict, to: int, dry_run: bool) -> tuple[dict, int]:
    """Roll a workload back to a revision; return the changed object and the revision's number.

    Args:
        client: The client.
        workload: The live object.
        to: Number of the revision; 0 for the one before the current one.
        dry_run: Have the server validate the change without storing it.
        path: Path of the workload.
    """
    key = ref_of(workload)
    if (workload.get("spec") or {}).get("paused"):
        raise KubeError(f"{key}: the rollout is paused; resume it first")
    # read once: the controller gives a revision that is returned to a new number
    revisions = _revisions(client, workload)
    current = _current(workload, revisions)
    older = [r for r in revisions if r["metadata"]["name"] != current]
    if not older and to == 0:
        raise KubeError(f"{key} has no earlier revision")
    number = to or revision_of(older[-1])
    wanted = next((r for r in revisions if revision_of(r) == number), None)
    if wanted is None:
        listed = ", ".join(str(revision_of(r)) for r in revisions) or "none"
        raise KubeError(f"{key} has no revision {number}; available revisions: {listed}")
    if wanted["metadata"]["name"] == current:
        return workload, number
    query = {"fieldManager": field_managers.ROLLOUT, **({"dryRun": "All"} if dry_run else {})}
    try:
        return _replace_template(client, path, workload, _template_of(wanted), query), number
    except KubeError as error:
        raise KubeError(f"{key}: {error}", **error.result) from error


def _template_of(revision: dict) -> dict:
    """Return the pod template of a revision, without the mark of a patch that a ControllerRevision adds."""
    return {name: part for name, part in pod_template(revision).items() if name != "$patch"}


def _replace_template(
    client: KubeClient, path: str, workload: dict, template: dict, query: dict
) -> dict:
    # changes by other clients since our read must not be lost; status and scale change all the time
    before, place = template_of(workload), "/spec/template"
    operations = [
        {"op": "test", "path": "/metadata/uid", "value": workload["metadata"]["uid"]},
        {"op": "test", "path": place, "value": before},
        {"op": "replace", "path": place, "value": template},
    ]
    try:
        return client.patch(path, operations, JSON_PATCH, **query)
    except ApiError as error:
        if error.status != 422:
            raise
        now = client.get(path)
        if error.after_lost_answer and template_of(now) == template:
            return now
        if template_of(now) != before:
            raise KubeError(
                "another client declared another revision in the meantime; read the history again"
            ) from error
        raise


def pause(client: KubeClient, path: str, workload: dict, paused: bool, dry_run: bool) -> dict:
    """Pause or resume the rollout of a Deployment; the object after it."""
    if workload["kind"] != "Deployment":
        raise KubeError(f"{ref_of(workload)}: only a Deployment can be paused and resumed")
    if bool(workload["spec"].get("paused")) == paused:
        return workload
    query = {"fieldManager": field_managers.ROLLOUT, **({"dryRun": "All"} if dry_run else {})}
    return client.patch(path, {"spec": {"paused": paused or None}}, MERGE, **query)
