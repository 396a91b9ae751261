"""Record of what was changed in a JSON object, so that the changes can be taken back."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Entry = dict[str, Any]
MISSING = object()


def record_changes(
    base: Mapping[str, Any], after: Mapping[str, Any], union: Iterable[str] = ()
) -> list[Entry]:
    """Return the changes between two objects, one entry for each value.

    Args:
        base: The object without the changes.
        after: The object with them.
        union: Top-level keys whose lists were extended. Their entries contain the added elements only.

    Returns:
        Entries with ``path`` and either ``items`` (elements added to a list) or ``value``. ``value`` is missing
        when a key was removed, and ``before`` is missing when it was added.
    """
    entries = []
    for path, old, new in _differences([], base, after):
        if path[0] in set(union) and isinstance(new, list):
            known = old if isinstance(old, list) else []
            entries.append({"path": path, "items": [item for item in new if item not in known]})
        else:
            entries.append(_entry(path, old, new))
    return entries


def _entry(path: list[str], old: Any, new: Any) -> Entry:
    entry: Entry = {"path": path}
    if new is not MISSING:
        entry["value"] = new
    if old is not MISSING:
        entry["before"] = old
    return entry


def _differences(
    path: list[str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[list[str], Any, Any]]:
    for key in [*new, *(key for key in old if key not in new)]:
        before, after = old.get(key, MISSING), new.get(key, MISSING)
        if before == after:
            continue
        below = before if isinstance(before, Mapping) else {} if before is MISSING else None
        if isinstance(after, Mapping) and after and below is not None:
            yield from _differences([*path, key], below, after)
        else:
            yield [*path, key], before, after


def take_back(content: Mapping[str, Any], entries: Sequence[Entry]) -> dict[str, Any]:
    """Return an object without recorded changes.

    A value that was changed again since then is kept.

    Args:
        content: The object. It is not changed.
        entries: The recorded changes.
    """
    left = copy.deepcopy(dict(content))
    for entry in entries:
        *folders, key = entry["path"]
        parents = [left]
        for name in folders:
            parents.append(parents[-1].get(name) if isinstance(parents[-1], dict) else None)
        if not isinstance(parents[-1], dict):
            continue
        _restore(parents[-1], key, entry)
        for parent, name in reversed(list(zip(parents, folders))):
            if parent.get(name) == {}:
                del parent[name]
    return left


def _restore(parent: dict[str, Any], key: str, entry: Entry) -> None:
    now = parent.get(key, MISSING)
    if "items" in entry:
        if isinstance(now, list):
            parent[key] = [item for item in now if item not in entry["items"]]
            if not parent[key]:
                del parent[key]
    elif now == entry.get("value", MISSING):
        if "before" in entry:
            parent[key] = entry["before"]
        else:
            parent.pop(key, None)
