"""Take over an object that ``kubectl apply`` without server-side apply, or ``kubectl create``, declared.

kubectl owns the declared fields as a client that updates. Another manager's declaration therefore never removes one of
these fields, unless the fields change hands first. ``kubectl apply`` keeps its declaration in an annotation.
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
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.diff import changes
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    LAST_APPLIED,
    first_of,
    ref_of,
)

MAX_NAMED = 10
# The names under which kubectl writes whole objects. They own the defaults of the server too.
UNDO = "kubectl"
WRITERS = {f"kubectl-{verb}" for verb in ("autoscale", "create", "expose", "replace", "run")}


def declaring_managers(live: dict) -> list[str]:
    """Return the managers through which kubectl declared an object: those that own its annotation, or wrote it.

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
        and (entry.get("manager") in WRITERS or _has_undone(entry) or _owns_annotation(entry))
    ]


def _has_undone(entry: dict) -> bool:
    """Return whether ``kubectl rollout undo`` wrote a template of pods, with all that a former revision had."""
    spec = (entry.get("fieldsV1") or {}).get("f:spec") or {}
    return entry.get("manager") == UNDO and "f:template" in spec


def _owns_annotation(entry: dict) -> bool:
    metadata = (entry.get("fieldsV1") or {}).get("f:metadata") or {}
    return f"f:{LAST_APPLIED}" in metadata.get("f:annotations", {})


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


def remaining_note(client: KubeClient, path: str, obj: dict) -> str:
    """Return a warning about fields that kubectl declared and that the task does not change; empty without any.

    Args:
        client: Asks the server which fields are only its defaults.
        path: The path of the object.
        obj: The object after the task.
    """
    if not declaring_managers(obj):
        return ""
    text = (obj["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    names = _declared_names(obj, text) if text else _written_names(client, path, obj)
    if not names:
        return ""
    verb = "apply declared" if text else "wrote"
    return (
        f"{ref_of(obj)}: kubectl {verb} fields that this task does not have, and they stay: "
        f"{first_of(names, MAX_NAMED)}; force: true takes the object over from kubectl"
    )


def _declared_names(obj: dict, text: str) -> list[str]:
    try:
        return named_fields(json.loads(text), own_fields(obj))
    except ValueError:  # another client has written it
        return []


def _written_names(client: KubeClient, path: str, obj: dict) -> list[str]:
    """Return the fields that a takeover would change. The server would set its defaults again."""
    try:
        rest = after_takeover(client, path, obj)
    except ApiError:
        return []  # the task declares a part of the object, which needs the other fields
    return [change["field"] for change in changes(obj, {**obj, **rest})]


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
