"""Predict from the live object, without a request, whether a server-side apply changes it.

The API server records in ``metadata.managedFields`` which fields a manager applied. When a declaration has exactly
those fields, and the live values are equal, applying it is a no-op. Values that the server writes in another form, and
lists in another order, cannot be compared. The prediction is then a change, and the server decides.
"""

from __future__ import annotations

import json
from typing import Any


def applied_fields(live: dict, manager: str) -> dict | None:
    """Return the field set (``FieldsV1``) that ``manager`` applied, or None when it never did."""
    return _applied(live, manager).get("fieldsV1")


def applied_version(live: dict, manager: str) -> str | None:
    """Return the apiVersion in which ``manager`` applied its fields, or None when it never did."""
    return _applied(live, manager).get("apiVersion")


def _applied(live: dict, manager: str) -> dict:
    for entry in (live.get("metadata") or {}).get("managedFields") or []:
        if (
            entry.get("manager") == manager
            and entry.get("operation") == "Apply"
            and not entry.get("subresource")
        ):
            return entry
    return {}


def is_unchanged(config: dict, live: dict, manager: str) -> bool:
    """Return whether applying ``config`` over ``live`` surely changes nothing."""
    fields = applied_fields(live, manager)
    if fields is None or (live.get("metadata") or {}).get("deletionTimestamp"):
        return False
    # the fields that identify the object are not part of the field set
    metadata = {
        k: v
        for k, v in (config.get("metadata") or {}).items()
        if k not in ("name", "namespace") and v
    }
    body = {
        k: v for k, v in config.items() if k not in ("apiVersion", "kind", "metadata", "status")
    }
    if metadata:
        body["metadata"] = metadata
    return _same_map(body, fields, live)


def _same(config: Any, fields: dict, live: Any) -> bool:
    if not fields:
        # a leaf: a scalar, or an atomic value
        return config == live
    if isinstance(config, dict):
        return isinstance(live, dict) and _same_map(config, fields, live)
    if isinstance(config, list) and isinstance(live, list):
        return _same_list(config, fields, live)
    return False


def _same_map(config: dict, fields: dict, live: dict) -> bool:
    owned = {name[2:] for name in fields if name.startswith("f:")}
    if owned != set(config):
        return False
    return all(
        name in live and _same(config[name], fields[f"f:{name}"], live[name]) for name in owned
    )


def _same_list(config: list, fields: dict, live: list) -> bool:
    members = [name for name in fields if name != "."]
    if len(members) != len(config):
        return False
    if all(name.startswith("v:") for name in members):
        wanted = {name[2:] for name in members}
        kept = [item for item in live if json.dumps(item, separators=(",", ":")) in wanted]
        return kept == config
    if not all(name.startswith("k:") for name in members):
        return False
    position = -1
    for item in config:
        found = _member(item, members)
        if found is None or not isinstance(item, dict):
            return False
        name, keys = found
        index = next((i for i, entry in enumerate(live) if _has(entry, keys)), None)
        # another order is a change that the server would make
        if index is None or index <= position:
            return False
        position = index
        if not _same_map(item, fields[name], live[index]):
            return False
    return True


def _member(item: Any, members: list[str]) -> tuple[str, dict] | None:
    """Return the only ``k:{...}`` entry that can belong to an item; None for none or several.

    Key fields that the item leaves to defaults may differ.
    """
    if not isinstance(item, dict):
        return None
    found = []
    for name in members:
        keys = json.loads(name[2:])
        if all(item.get(key, value) == value for key, value in keys.items()):
            found.append((name, keys))
    return found[0] if len(found) == 1 else None


def _has(entry: Any, keys: dict) -> bool:
    return isinstance(entry, dict) and all(entry.get(key) == value for key, value in keys.items())


def extract(live: dict, fields: dict) -> dict:
    """Return the identity of ``live`` and the values of the fields in a field set."""
    result = _extract(live, fields)
    metadata = live["metadata"]
    identity = {k: metadata[k] for k in ("name", "namespace") if metadata.get(k)}
    result["metadata"] = {**(result.get("metadata") or {}), **identity}
    return {"apiVersion": live["apiVersion"], "kind": live["kind"], **result}


def _extract(live: Any, fields: dict) -> Any:
    if not fields:
        return live
    if isinstance(live, dict):
        return {
            name[2:]: _extract(live[name[2:]], below)
            for name, below in fields.items()
            if name.startswith("f:") and name[2:] in live
        }
    result = []
    for item in live if isinstance(live, list) else []:
        for name, below in fields.items():
            if name.startswith("v:") and json.loads(name[2:]) == item:
                result.append(item)
            elif name.startswith("k:") and _has(item, json.loads(name[2:])):
                result.append({**json.loads(name[2:]), **_extract(item, below)})
    return result


def union(one: dict, other: dict) -> dict:
    """Return both field sets. A field that is only set as a whole has no fields below it."""
    result = dict(one)
    for name, below in other.items():
        if name not in result:
            result[name] = below
        elif result[name] and below:
            result[name] = union(result[name], below)
        else:
            result[name] = {}
    return result


def difference(one: dict, other: dict) -> dict:
    """Return the fields of ``one`` that ``other`` does not have."""
    result = {}
    for name, below in one.items():
        rest = difference(below, other[name]) if name in other else below
        if rest or name not in other:
            result[name] = rest
    return result


def fields_of_others(before: dict, after: dict, manager: str) -> dict:
    """Return the fields that an apply of ``manager`` cannot have changed, because only others own them.

    Args:
        before: The object before the apply.
        after: The object after it.
        manager: The manager. Fields that it owned before or owns after the apply are not among the result.
    """
    others: dict = {}
    for entry in after["metadata"].get("managedFields") or []:
        if (entry.get("manager"), entry.get("operation")) != (manager, "Apply"):
            others = union(others, entry.get("fieldsV1") or {})
    for obj in (before, after):
        others = difference(others, applied_fields(obj, manager) or {})
    return others


def without_fields(value: Any, fields: dict) -> Any:
    """Return an object, or a part of it, without the fields of a field set."""
    if isinstance(value, dict):
        members = [(f"f:{name}", name, part) for name, part in value.items()]
        kept = {name: _kept(part, fields.get(key)) for key, name, part in members}
        return {name: part for name, part in kept.items() if part is not GONE}
    if isinstance(value, list):
        items = [_kept(item, _fields_of(item, fields)) for item in value]
        return [item for item in items if item is not GONE]
    return value


GONE = object()


def _kept(value: Any, fields: dict | None) -> Any:
    """Return what stays of a value; GONE when the field set has the value itself, and others have nothing below it."""
    if fields is None:
        return value
    rest = without_fields(value, fields)
    return rest if fields and (rest or "." not in fields) else GONE


def _fields_of(item: Any, fields: dict) -> dict | None:
    for name, below in fields.items():
        if name.startswith("k:") and _has(item, json.loads(name[2:])):
            # without its keys there is no such item
            return below if "." not in below else {}
        if name.startswith("v:") and json.loads(name[2:]) == item:
            return {}
    return None


def named_fields(value: Any, fields: dict, path: str = "") -> list[str]:
    """Return the names of those fields of a field set that a value has: ``spec.containers[web].image``."""
    found = []
    for name, below in sorted(fields.items()):
        kind, _, key = name.partition(":")
        part, place = None, path
        if kind == "f" and isinstance(value, dict):
            part, place = value.get(key), f"{path}.{key}".lstrip(".")
        elif kind in ("k", "v") and isinstance(value, list):
            item = next((one for one in value if _fields_of(one, {name: {}}) is not None), None)
            label = next(iter(json.loads(key).values())) if kind == "k" else json.loads(key)
            part, place = item, f"{path}[{label}]"
        if part in (None, {}, []):
            continue
        is_whole = not below or kind == "k" and "." in below
        found += [place] if is_whole else named_fields(part, below, place)
    return found
