"""Compare objects field by field, without the content of Secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    HIDDEN,
    ref_of,
    without_server_fields,
)

ABSENT = None


def changes(before: dict | None, after: dict | None, with_status: bool = False) -> list[dict]:
    """Return ``[{"field": "spec.replicas", "before": 1, "after": 2}]`` without the fields that the server manages."""
    secret = (after or before or {}).get("kind") == "Secret"
    return [
        {"field": field, "before": _shown(secret, field, old), "after": _shown(secret, field, new)}
        for field, old, new in _walk("", _plain(before, with_status), _plain(after, with_status))
    ]


def _shown(secret: bool, field: str, value: Any) -> Any:
    hide = secret and value is not None and field.split(".")[0] in ("data", "stringData")
    return HIDDEN if hide else value


def _plain(obj: dict | None, with_status: bool) -> dict:
    """Return the object as ``without_server_fields`` does, but with the content of a Secret, for comparisons only."""
    if not obj:
        return {}
    kept = ("data", "stringData", "status") if with_status else ("data", "stringData")
    return {**without_server_fields(obj), **{name: obj[name] for name in kept if name in obj}}


def _walk(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}, key=str):
            yield from _walk(
                f"{path}.{name}" if path else str(name), before.get(name), after.get(name)
            )
    elif isinstance(before, list) and isinstance(after, list):
        yield from _walk_list(path, before, after)
    else:
        yield path, before, after


def _walk_list(path: str, before: list, after: list) -> Iterator[tuple[str, Any, Any]]:
    """Compare lists of named items by name, with their order, and other lists by position."""
    if _is_named(before) and _is_named(after):
        old, new = ({entry["name"]: entry for entry in side} for side in (before, after))
        for name in dict.fromkeys([*old, *new]):
            yield from _walk(f"{path}[{name}]", old.get(name), new.get(name))
        # the order of variables and of init containers has a meaning, and any other order replaces the pods
        kept = [name for name in old if name in new]
        order = [name for name in new if name in old]
        if kept != order:
            yield path, kept, order
        return
    for index in range(max(len(before), len(after))):
        yield from _walk(
            f"{path}[{index}]",
            before[index] if index < len(before) else ABSENT,
            after[index] if index < len(after) else ABSENT,
        )


def _is_named(items: list) -> bool:
    names = [entry.get("name") for entry in items if isinstance(entry, dict)]
    return len(names) == len(items) and None not in names and len(set(names)) == len(names)


def ansible_diff(pairs: list[tuple[dict | None, dict | None]], with_status: bool = False) -> dict:
    """Return all changed objects before and after, in the form that ``--diff`` prints."""
    before, after = {}, {}
    for old, new in pairs:
        name = str(ref_of(new or old or {}))
        shown_old, shown_new = without_server_fields(old), without_server_fields(new)
        if with_status:
            shown_old["status"] = (old or {}).get("status")
            shown_new["status"] = (new or {}).get("status")
        if old and new and old.get("kind") == "Secret":
            changed = {entry["field"] for entry in changes(old, new)}
            for name_of_key in shown_new.get("data") or {}:
                if f"data.{name_of_key}" in changed:
                    shown_new["data"][name_of_key] = "(hidden, changed)"
        before[name], after[name] = shown_old, shown_new
    return {"before": before, "after": after}
