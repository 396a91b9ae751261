"""Delete what a task created, and nothing else."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import DataGuard
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of, reference

DELETED = "deleted, the task had created it"
GONE = "is gone, another client has deleted it"
REPLACED = "stays, another client has created it again"
SHARED = "stays, other clients may have created objects in it"


def own_changes(
    client: KubeClient, discovery: Discovery, done: list[ObjectChange]
) -> tuple[list[ObjectChange], list[dict]]:
    """Return the changes whose objects no other client has replaced or deleted, and a note for each other object.

    If the account may not read an object, all changes count.
    """
    changes = [change for change in done if change.changed]
    try:
        live = read_live(client, discovery, [change.ref for change in changes])
    except ApiError as error:
        if error.status != 403:
            raise
        return changes, []
    own, notes = [], []
    for change in changes:
        if _uid(live.get(change.ref)) == _uid(change.after):
            own.append(change)
        else:
            found = REPLACED if change.ref in live else GONE
            notes.append({**reference(change.ref), "restored": found})
    return own, notes


def withdraw(applier: Applier, done: list[ObjectChange]) -> list[dict]:
    """Delete the objects that a task created.

    Objects that existed before stay as they are, and so do objects that hold data, and namespaces.

    Returns:
        A note for each object that the task created.

    Raises:
        KubeError: The API server refused.
    """
    made = {c.ref: c.after for c in done if c.action == "created" and c.after}
    notes = {ref: SHARED if ref.own_kind == "Namespace" else DELETED for ref in made}
    going = [made[ref] for ref, note in notes.items() if note == DELETED]
    for objects, reason in DataGuard(applier.client, applier.discovery).held(going):
        notes.update({ref_of(obj): f"stays: {reason}" for obj in objects})
    refs = [ref for ref, note in notes.items() if note == DELETED]
    applier.delete(refs, wait=False, live=made)
    return [{**reference(ref), "restored": note} for ref, note in notes.items()]


def _uid(obj: dict | None) -> str | None:
    return obj["metadata"].get("uid") if obj else None
