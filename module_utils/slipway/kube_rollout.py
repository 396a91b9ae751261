"""Revisions of a workload: what they were, and back to one of them."""

from __future__ import annotations

from ansible.module_utils.slipway.kube_client import JSON_PATCH, MERGE, STRATEGIC, KubeClient
from ansible.module_utils.slipway.kube_errors import ApiError, KubeError
from ansible.module_utils.slipway.kube_objects import key_of, seconds_since, template_of
from ansible.module_utils.slipway.kube_revision import (
    HASH,
    controller_revisions,
    replica_sets,
    revision_of,
)
from ansible.module_utils.slipway.kube_rollback import POD_HASH

MANAGER = "slipway-rollout"
CAUSE = "kubernetes.io/change-cause"


def history(client: KubeClient, workload: dict) -> list[dict]:
    """Revisions, oldest first: ``{revision, images, change_cause, seconds_ago, current,
    ready}``.
    """
    if workload["kind"] == "Deployment":
        revisions = replica_sets(client, workload)
        current = revision_of(workload)
        return [_entry(r, r["spec"]["template"], revision_of(r) == current) for r in revisions]
    revisions = controller_revisions(client, workload)
    status = workload.get("status") or {}
    newest = status.get("updateRevision") or (
        revisions[-1]["metadata"]["name"] if revisions else ""
    )
    return [
        _entry(r, r["data"]["spec"]["template"], r["metadata"]["name"] == newest) for r in revisions
    ]


def _entry(revision: dict, template: dict, current: bool) -> dict:
    metadata = revision["metadata"]
    return {
        "revision": revision_of(revision),
        "name": metadata["name"],
        "images": [container["image"] for container in template["spec"]["containers"]],
        "change_cause": (metadata.get("annotations") or {}).get(CAUSE, ""),
        "seconds_ago": round(seconds_since(metadata.get("creationTimestamp"))),
        "current": current,
        "ready": (revision.get("status") or {}).get("readyReplicas", 0),
    }


def undo(client: KubeClient, path: str, workload: dict, to: int, dry_run: bool) -> tuple[dict, int]:
    """Go back to revision ``to`` (0: the one before the current); the object after it and the
    number.
    """
    key = key_of(workload)
    if (workload.get("spec") or {}).get("paused"):
        raise KubeError(f"{key}: the rollout is paused; resume it first")
    entries = history(client, workload)
    older = [entry for entry in entries if not entry["current"]]
    if not older and to == 0:
        raise KubeError(f"{key} has no earlier revision")
    number = to or older[-1]["revision"]
    known = {entry["revision"]: entry for entry in entries}
    if number not in known:
        listed = ", ".join(map(str, known)) or "none"
        raise KubeError(f"{key} has no revision {number}; there are: {listed}")
    if known[number]["current"]:
        return workload, number
    query = {"fieldManager": MANAGER, **({"dryRun": "All"} if dry_run else {})}
    try:
        if workload["kind"] == "Deployment":
            return _undo_deployment(client, path, workload, number, query), number
        revision = next(
            r for r in controller_revisions(client, workload) if revision_of(r) == number
        )
        return client.patch(path, revision["data"], STRATEGIC, **query), number
    except KubeError as error:
        raise KubeError(f"{key}: {error}", **error.details) from error


def _undo_deployment(
    client: KubeClient, path: str, workload: dict, number: int, query: dict
) -> dict:
    revision = next(r for r in replica_sets(client, workload) if revision_of(r) == number)
    template = dict(revision["spec"]["template"])
    labels = {k: v for k, v in template["metadata"]["labels"].items() if k not in (POD_HASH, HASH)}
    template["metadata"] = {**template["metadata"], "labels": labels}
    # what somebody else did since our look must not get lost; status and scale move all the time
    place = "/spec/template"
    operations = [
        {"op": "test", "path": place, "value": template_of(workload)},
        {"op": "replace", "path": place, "value": template},
    ]
    try:
        return client.patch(path, operations, JSON_PATCH, **query)
    except ApiError as error:
        if error.status == 422 and template_of(client.get(path)) != template_of(workload):
            raise KubeError(
                "somebody else declared another revision meanwhile; look at the history again"
            ) from error
        raise


def pause(client: KubeClient, path: str, workload: dict, paused: bool, dry_run: bool) -> dict:
    """Pause or resume the rollout of a Deployment; the object after it."""
    if workload["kind"] != "Deployment":
        raise KubeError(f"{key_of(workload)}: only a Deployment can be paused and resumed")
    if bool(workload["spec"].get("paused")) == paused:
        return workload
    query = {"fieldManager": MANAGER, **({"dryRun": "All"} if dry_run else {})}
    return client.patch(path, {"spec": {"paused": paused or None}}, MERGE, **query)
