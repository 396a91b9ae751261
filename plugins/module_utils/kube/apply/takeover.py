"""Prepare a live object for a declaration: fields that change hands, and defaults that are in the way.

Server-side apply removes a field that a manager no longer applies and that no other manager owns. Two cases need more
than that. A number of pods that a declaration leaves out is left to others, so it must not fall back to the default.
And fields that an undo wrote belong to the declaration that comes after it.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    applied_fields,
    applied_version,
    is_unchanged,
    union,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    APPLY,
    JSON_PATCH,
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import SCALABLE_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import kind_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import retry_on_conflict

# Where a workload has its strategy. The server fills in rollingUpdate, which other types do not allow.
STRATEGIES = {
    "Deployment": "strategy",
    "StatefulSet": "updateStrategy",
    "DaemonSet": "updateStrategy",
}


def fields_in_the_way(obj: dict, live: dict) -> dict:
    """Return fields that must go before a declaration is valid, as a field set; empty without any.

    They are those that an undo wrote, and what the server filled in for another strategy.
    """
    fields = undone_fields(live)
    rolling = _former_strategy(obj, live)
    if rolling:
        below = {".": {}, **{f"f:{part}": {} for part in rolling}}
        name = STRATEGIES[obj["kind"]]
        fields = union(fields, {"f:spec": {f"f:{name}": {"f:rollingUpdate": below}}})
    return fields


def _former_strategy(obj: dict, live: dict) -> dict:
    """Return the settings of a live workload's strategy that the declared strategy does not allow."""
    name = STRATEGIES.get(kind_of(obj), "")
    declared = (obj.get("spec") or {}).get(name) or {}
    if declared.get("type", "RollingUpdate") == "RollingUpdate":
        return {}
    return ((live.get("spec") or {}).get(name) or {}).get("rollingUpdate") or {}


def without_idle_nulls(value: Any, live: Any) -> Any:
    """Return a declaration, or a part of it, without nulls for fields that the live object does not have."""
    if not isinstance(value, dict):
        return value
    known = live if isinstance(live, dict) else {}
    return {
        name: without_idle_nulls(part, known.get(name))
        for name, part in value.items()
        if part is not None or known.get(name) is not None
    }


def gives_up_headless(obj: dict, live: dict, manager: str) -> bool:
    """Return whether a Service that the manager declared as headless is declared with an address now."""
    declared = obj.get("spec") or {}
    if kind_of(obj) != "Service" or (live.get("spec") or {}).get("clusterIP") != "None":
        return False
    owned = (applied_fields(live, manager) or {}).get("f:spec") or {}
    is_other = declared.get("clusterIP") or declared.get("type") == "ExternalName"
    return "f:clusterIP" in owned and not is_other


def leaves_replicas(obj: dict, live: dict, manager: str) -> bool:
    """Return whether a declaration no longer has the number of pods, and no other manager owns it."""
    if kind_of(obj) not in SCALABLE_KINDS or "replicas" in (obj.get("spec") or {}):
        return False
    owners = [
        entry
        for entry in live["metadata"].get("managedFields") or []
        if "f:replicas" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
    ]
    return [(entry.get("manager"), entry.get("operation")) for entry in owners] == [
        (manager, "Apply")
    ]


def for_a_dry_run(obj: dict, live: dict, manager: str) -> dict:
    """Return what a dry run sends instead of the declaration, because it changes no owners.

    The server refuses another strategy beside the settings of the former one, so the dry run leaves
    it out, and ``with_declared_strategy`` completes the answer.
    """
    spec = dict(obj.get("spec") or {})
    if leaves_replicas(obj, live, manager):
        spec["replicas"] = live["spec"].get("replicas", 1)
    if _former_strategy(obj, live):
        del spec[STRATEGIES[obj["kind"]]]
    return {**obj, "spec": spec} if spec else obj


def with_declared_strategy(obj: dict, live: dict, after: dict) -> dict:
    """Return the answer to a dry run with the strategy that ``for_a_dry_run`` left out."""
    if not _former_strategy(obj, live):
        return after
    name = STRATEGIES[obj["kind"]]
    return {**after, "spec": {**after["spec"], name: obj["spec"][name]}}


def hand_over_replicas(client: KubeClient, path: str, live: dict) -> dict:
    """Make the module for scaling the owner of the number of pods, so that it stays; return the object.

    Raises:
        ApiError: Another client has written in the meantime (409), or the server refused.
    """
    metadata = {name: live["metadata"][name] for name in ("name", "namespace", "resourceVersion")}
    body = {
        "apiVersion": live["apiVersion"],
        "kind": live["kind"],
        "metadata": metadata,
        "spec": {"replicas": live["spec"].get("replicas", 1)},
    }
    return client.patch(path, body, APPLY, fieldManager=field_managers.SCALE, force=True)


def undone_fields(live: dict) -> dict:
    """Return the fields of the pod template that an undo wrote, as a field set; empty without one."""
    entry = _undo_entry(live)
    template = ((entry or {}).get("fieldsV1") or {}).get("f:spec", {}).get("f:template")
    return {"f:spec": {"f:template": template}} if template else {}


def _undo_entry(live: dict) -> dict | None:
    for entry in live["metadata"].get("managedFields") or []:
        if entry.get("manager") == field_managers.ROLLOUT and not entry.get("subresource"):
            return entry
    return None


def adopt(client: KubeClient, path: str, live: dict, manager: str, fields: dict) -> dict:
    """Make the declaration the owner of fields, so that its next apply removes those that it does not have.

    Only the record of the owners changes.

    Raises:
        ApiError: Another client has written in the meantime (409), or the server refused.
    """
    entries, is_known = [], False
    for entry in live["metadata"].get("managedFields") or []:
        if entry is _undo_entry(live):
            entry = _without_template(entry)
        elif entry.get("manager") == manager and entry.get("operation") == "Apply":
            is_known = True
            entry = {**entry, "fieldsV1": union(entry.get("fieldsV1") or {}, fields)}
        entries += [entry] if entry else []
    if not is_known:
        entries.append(
            {
                "manager": manager,
                "operation": "Apply",
                "apiVersion": live["apiVersion"],
                "fieldsType": "FieldsV1",
                "fieldsV1": fields,
            }
        )
    version = live["metadata"]["resourceVersion"]
    operations = [
        {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
        {"op": "replace", "path": "/metadata/managedFields", "value": entries},
    ]
    return client.patch(path, operations, JSON_PATCH, fieldManager=manager)


def _without_template(entry: dict) -> dict | None:
    fields = dict(entry.get("fieldsV1") or {})
    spec = {name: below for name, below in fields.get("f:spec", {}).items() if name != "f:template"}
    if spec:
        fields["f:spec"] = spec
    else:
        fields.pop("f:spec", None)
    return {**entry, "fieldsV1": fields} if fields else None


def give_owners(client: KubeClient, path: str, obj: dict, live: dict, manager: str) -> None:
    """Give fields of a live object the owners that the apply of a declaration needs.

    Raises:
        ApiError: The server refused.
    """
    current = live

    def give() -> None:
        now = current
        if leaves_replicas(obj, now, manager):
            now = hand_over_replicas(client, path, now)
        fields = fields_in_the_way(obj, now)
        if fields:
            adopt(client, path, now, manager, fields)

    def read_again() -> None:
        nonlocal current
        current = client.get(path)

    retry_on_conflict(give, read_again)


def was_declared_in_another_version(obj: dict, live: dict, manager: str) -> bool:
    """Return whether the manager applied an object in another version of its kind.

    Args:
        obj: The object as declared.
        live: The object as the server has it.
        manager: The field manager.
    """
    return applied_version(live, manager) not in (None, obj["apiVersion"])


def needs_no_apply(obj: dict, live: dict, manager: str) -> bool:
    """Return whether applying a declaration surely changes nothing."""
    return is_unchanged(obj, live, manager) and not fields_in_the_way(obj, live)


def has_applied(live: dict, manager: str) -> bool:
    """Return whether a manager has applied the object, which proves that it is its own."""
    return applied_fields(live, manager) is not None
