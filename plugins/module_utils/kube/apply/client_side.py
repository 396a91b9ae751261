"""Take over an object that ``kubectl apply`` without server-side apply declared.

kubectl keeps such a declaration in an annotation, and owns the declared fields as a client that updates. Another
manager's declaration therefore never removes one of these fields, unless the fields change hands first.
"""

from __future__ import annotations

import json

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import gitops
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    difference,
    named_fields,
    union,
    without_fields,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.migration import (
    move_fields,
    with_moved_fields,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    JSON_PATCH,
    MERGE,
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    LAST_APPLIED,
    first_of,
    ref_of,
)

MAX_NAMED = 10


def declaring_managers(live: dict) -> list[str]:
    """Return the managers through which kubectl declared an object: those that own its annotation.

    Argo CD uses the annotation too. An object that it or Flux tracks is not taken over as a whole.
    """
    if gitops.tool_of(live):
        return []
    return [
        entry["manager"]
        for entry in live["metadata"].get("managedFields") or []
        if entry.get("operation") == "Update"
        and not entry.get("subresource")
        and entry.get("manager") not in gitops.MANAGERS
        and f"f:{LAST_APPLIED}"
        in ((entry.get("fieldsV1") or {}).get("f:metadata") or {}).get("f:annotations", {})
    ]


def take_over(client: KubeClient, path: str, live: dict, manager: str, dry_run: bool) -> dict:
    """Make a manager the owner of everything that kubectl declared; return the object.

    The next apply then removes what its declaration does not have. Values stay. A dry run only computes the object.

    Raises:
        ApiError: The server refused.
    """
    owners = declaring_managers(live)
    if dry_run:
        return with_moved_fields(live, owners, manager)
    return move_fields(client, path, live, owners, manager)


def own_fields(obj: dict) -> dict:
    """Return the fields that only kubectl's declaration owns, as a field set."""
    managers, theirs, others = declaring_managers(obj), {}, {}
    for entry in obj["metadata"].get("managedFields") or []:
        fields = entry.get("fieldsV1") or {}
        if entry.get("manager") in managers and not entry.get("subresource"):
            theirs = union(theirs, fields)
        else:
            others = union(others, fields)
    return difference(theirs, others)


def remaining_note(obj: dict) -> str:
    """Return a warning about fields that kubectl declared and that the task does not change; empty without any.

    Args:
        obj: The object after the task.
    """
    if not declaring_managers(obj):
        return ""
    try:
        declared = json.loads(obj["metadata"]["annotations"][LAST_APPLIED])
    except ValueError:  # another client has written it
        return ""
    names = named_fields(declared, own_fields(obj))
    if not names:
        return ""
    return (
        f"{ref_of(obj)}: kubectl apply declared fields that this task does not have, and they stay: "
        f"{first_of(names, MAX_NAMED)}; force: true takes the object over from kubectl"
    )


def with_declared_lists(client: KubeClient, path: str, obj: dict) -> dict:
    """Return an object with a declaration, by a dry run in which no entry of kubectl stays beside the declared ones.

    Raises:
        ApiError: The server refused the declaration.
    """
    return client.patch(path, obj, MERGE, dryRun="All")


def after_takeover(client: KubeClient, path: str, applied: dict) -> dict:
    """Return what a takeover would make of an object, by a dry run.

    Args:
        client: Sends the request.
        path: The path of the object.
        applied: The result of a dry run of the apply, in which kubectl still owns its fields.

    Raises:
        ApiError: The server refused the object without the fields of kubectl.
    """
    rest = without_fields(applied, own_fields(applied))
    metadata = {
        name: rest["metadata"].get(name) or {}
        for name in ("labels", "annotations")
        if name in applied["metadata"]
    }
    operations = [
        {"op": "replace", "path": f"/metadata/{name}", "value": value}
        for name, value in metadata.items()
    ]
    for name in sorted(set(applied) - {"apiVersion", "kind", "metadata", "status"}):
        if name not in rest:
            operations.append({"op": "remove", "path": f"/{name}"})
        elif rest[name] != applied[name]:
            operations.append({"op": "replace", "path": f"/{name}", "value": rest[name]})
    return client.patch(path, operations, JSON_PATCH, dryRun="All")
