"""Move fields of an object from a client that does not use server-side apply to a declaration."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    difference,
    union,
)
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
    return _store(client, path, live, lambda obj: with_moved_fields(obj, owners, manager), manager)


def move_part(client: KubeClient, path: str, live: dict, fields: dict, manager: str) -> dict:
    """Make a manager the only owner of a field set; return the object. Only the record of the owners changes.

    Raises:
        ApiError: The server refused.
    """
    return _store(client, path, live, lambda obj: with_moved_part(obj, fields, manager), manager)


def _store(
    client: KubeClient, path: str, live: dict, moved_in: Callable[[dict], dict], manager: str
) -> dict:
    current = live

    def move() -> dict:
        moved = moved_in(current)
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
    return _with_entries(live, kept, fields, manager) if is_needed else live


def with_moved_part(live: dict, fields: dict, manager: str) -> dict:
    """Return the object as it is after the move of a field set to a manager."""
    kept, mine = [], fields
    for entry in live["metadata"].get("managedFields") or []:
        if entry.get("subresource"):
            kept.append(entry)
        elif (entry.get("manager"), entry.get("operation")) == (manager, "Apply"):
            mine = union(mine, entry.get("fieldsV1") or {})
        elif rest := difference(entry.get("fieldsV1") or {}, fields):
            kept.append({**entry, "fieldsV1": rest})
    return _with_entries(live, kept, mine, manager)


def _with_entries(live: dict, kept: list[dict], fields: dict, manager: str) -> dict:
    mine = {
        "manager": manager,
        "operation": "Apply",
        "apiVersion": live["apiVersion"],
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }
    return {**live, "metadata": {**live["metadata"], "managedFields": [*kept, mine]}}
