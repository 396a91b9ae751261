"""Merge of JSON objects, as pure functions."""

from __future__ import annotations

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


def changed_keys(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name the top-level keys that differ, sorted."""
    missing = object()
    return sorted(
        key
        for key in before.keys() | after.keys()
        if before.get(key, missing) != after.get(key, missing)
    )
