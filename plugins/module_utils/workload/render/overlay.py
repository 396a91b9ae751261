"""Merge raw fields into rendered objects."""

from __future__ import annotations

from typing import Any

# Fields that list things without a unique name, and what tells their members apart.
KEYS = {"volumeMounts": "mountPath", "volumeDevices": "devicePath"}


def merged(value: Any, overlay: Any, field: str = "") -> Any:
    """Return a value of a rendered object with the raw fields of an overlay.

    Mappings are merged field by field, and null removes a field. Lists whose members all have a name are merged by
    name: members with a known name are merged, and others follow in their order. Any other value replaces the rendered
    one.

    Args:
        value: The rendered value.
        overlay: The value of the overlay.
        field: The field that contains both.
    """
    if isinstance(value, dict) and isinstance(overlay, dict):
        result = dict(value)
        for name, part in overlay.items():
            if part is None:
                result.pop(name, None)
            else:
                result[name] = merged(value.get(name), part, name)
        return result
    if isinstance(overlay, dict):
        return merged({}, overlay)
    key = KEYS.get(field, "name")
    if _is_keyed(value, key) and _is_keyed(overlay, key):
        added = {part[key]: part for part in overlay}
        known = [merged(one, added.pop(one[key], {})) for one in value]
        return [*known, *(merged({}, part) for part in added.values())]
    return overlay


def _is_keyed(value: Any, key: str) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and key in one for one in value)
