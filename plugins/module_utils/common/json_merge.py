"""Merge of JSON objects, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def merge(base: dict[str, Any], declared: dict[str, Any]) -> dict[str, Any]:
    """Overlay an object with declared keys.

    Args:
        base: The object. It is not changed.
        declared: Keys to set. A mapping merges into a mapping, None removes the key,
            any other value replaces the existing one.

    Returns:
        The merged object.
    """
    merged = dict(base)
    for key, value in declared.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            under = merged.get(key)
            merged[key] = merge(under if isinstance(under, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def unite(base: dict[str, Any], declared: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return declared keys whose lists begin with the elements that the object has.

    Args:
        base: The object.
        declared: Keys to set. Unless both values are lists, the declared one counts.
        keys: Top-level keys whose lists are united.
    """
    united = dict(declared)
    for key in keys:
        there, wanted = base.get(key), declared.get(key)
        if isinstance(there, list) and isinstance(wanted, list):
            united[key] = [*there, *(item for item in wanted if item not in there)]
    return united


def fitting_defaults(
    defaults: dict[str, Any], chosen: dict[str, Any], groups: Iterable[Sequence[str]]
) -> dict[str, Any]:
    """Return the defaults without those that belong to another value of a leading key.

    Args:
        defaults: Defaults by key.
        chosen: The object without the defaults.
        groups: Keys whose defaults belong together. The first key of a group leads: if the object has
            another value of it than the default, the group has no defaults.
    """
    fitting = dict(defaults)
    for leading, *others in groups:
        if leading in chosen and chosen[leading] != defaults.get(leading):
            for key in others:
                fitting.pop(key, None)
    return fitting


def changed_keys(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name the top-level keys that differ, sorted."""
    missing = object()
    return sorted(
        key
        for key in before.keys() | after.keys()
        if before.get(key, missing) != after.get(key, missing)
    )
