"""Leave fields out of a declaration that the API server does not know.

Server-side apply refuses them whatever the request says about validation.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError

UNKNOWN = re.compile(r"(\.\S+?): field not declared in schema")
# .name, [0] and [name="web",protocol="TCP"]
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[([^\]]*=[^\]]*)\]")
KEY = re.compile(r'([^=,]+)=(?:"([^"]*)"|([^,]*))')


def unknown_field(error: ApiError) -> str:
    """Return the path of the first field that the server does not know; empty for another error."""
    found = UNKNOWN.search(str(error.body.get("message") or ""))
    return found[1] if found else ""


def without_field(obj: dict, path: str) -> dict | None:
    """Return a copy of an object without a field, or None when it has no such field.

    Args:
        obj: The object.
        path: The path as the API server writes it.
    """
    return _without(obj, [match.groups() for match in STEP.finditer(path)])


def _without(value: Any, steps: list[tuple]) -> Any:
    if not steps:
        return None
    (name, index, keys), *rest = steps
    if name is not None:
        if not isinstance(value, dict) or name not in value:
            return None
        if not rest:
            return {key: part for key, part in value.items() if key != name}
        below = _without(value[name], rest)
        return None if below is None else {**value, name: below}
    if not isinstance(value, list):
        return None
    position = int(index) if index is not None else _position(value, keys)
    if position is None or position >= len(value):
        return None
    below = _without(value[position], rest)
    return None if below is None else [*value[:position], below, *value[position + 1 :]]


def _position(items: list, keys: str) -> int | None:
    wanted = {name: quoted or plain for name, quoted, plain in KEY.findall(keys)}
    for position, item in enumerate(items):
        if isinstance(item, dict) and all(
            str(item.get(name)) == value for name, value in wanted.items()
        ):
            return position
    return None
