"""Move fields of an object from a client that does not use server-side apply to a declaration."""

from __future__ import annotations

from collections.abc import Collection

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import union
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import JSON_PATCH, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import retry_on_conflict


def move_fields(
    client: KubeClient, path: str, live: dict, owners: Collection[str], manager: str
) -> dict:
    """Make a manager the owner of all fields of other managers; return the object.

    Its next apply then removes what it no longer declares. Only the record of the owners changes, no value.

    Args:
        client: Sends the request.
        path: The path of the object.
        live: The object.
        owners: The managers that give their fields away.
        manager: The manager that applies the object from now on.

    Raises:
        ApiError: The server refused.
    """
    current = live

    def move() -> dict:
        moved = with_moved_fields(current, owners, manager)
        if moved is current:
            return current
        operations = [
            {
                "op": "replace",
                "path": "/metadata/resourceVersion",
                "value": current["metadata"]["resourceVersion"],
            },
            {
                "op": "replace",
                "path": "/metadata/managedFields",
                "value": moved["metadata"]["managedFields"],
            },
        ]
        answer = client.patch(path, operations, JSON_PATCH, fieldManager=manager)
        return {"apiVersion": live["apiVersion"], "kind": live["kind"], **answer}

    def read_again() -> None:
        nonlocal current
        current = client.get(path)

    return retry_on_conflict(move, read_again)


def with_moved_fields(live: dict, owners: Collection[str], manager: str) -> dict:
    """Return the object as it is after the move; the same object when there is nothing to move."""
    kept, fields, is_needed = [], {}, False
    for entry in live["metadata"].get("managedFields") or []:
        is_given = entry.get("manager") in owners and not entry.get("subresource")
        is_mine = entry.get("manager") == manager and entry.get("operation") == "Apply"
        if is_given or is_mine and not entry.get("subresource"):
            fields = union(fields, entry.get("fieldsV1") or {})
            is_needed = is_needed or is_given
        else:
            kept.append(entry)
    if not is_needed:
        return live
    mine = {
        "manager": manager,
        "operation": "Apply",
        "apiVersion": live["apiVersion"],
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }
    return {**live, "metadata": {**live["metadata"], "managedFields": [*kept, mine]}}
