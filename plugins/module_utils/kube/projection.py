"""Reduce objects to the fields that a task names."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError

# .name, or a name in brackets, which may contain dots: ["example.com/x"]
STEP = re.compile(r"""\.?([^.\[\]"']+)|\[["']([^"'\]]+)["']\]""")
# always returned, because they identify the object
IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))

Steps = tuple[str, ...]


def parse_fields(fields: list[str]) -> list[Steps]:
    """Return the steps of each path.

    Args:
        fields: Paths such as ``status.phase`` or ``metadata.labels["example.com/x"]``.

    Raises:
        KubeError: A path is not valid.
    """
    paths = []
    for field in fields:
        matches = list(STEP.finditer(field))
        if not matches or "".join(match[0] for match in matches) != field:
            raise KubeError(
                f"fields: {field!r} is not a valid path; write status.phase, or "
                'metadata.labels["example.com/x"]. A path leads through all elements of a list: '
                "spec.containers.image"
            )
        paths.append(tuple(match[1] or match[2] for match in matches))
    return paths


def project(obj: dict, paths: list[Steps]) -> dict:
    """Return an object with its identity and the fields at the paths. Fields that it lacks are left out."""
    result: Any = {}
    for path in (*IDENTITY, *paths):
        found = _pick(obj, path)
        if found is not None:
            result = _combine(result, found)
    return result


def _pick(value: Any, path: Steps) -> Any:
    """Return the value with what is at the path only, or None when there is nothing."""
    if not path:
        return value
    if isinstance(value, list):
        picked = [_pick(one, path) for one in value]
        return [{} if one is None else one for one in picked] if any(picked) else None
    if not isinstance(value, dict) or path[0] not in value:
        return None
    below = _pick(value[path[0]], path[1:])
    return None if below is None else {path[0]: below}


def _combine(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        both = {name: _combine(one[name], other[name]) for name in one.keys() & other.keys()}
        return {**one, **other, **both}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_combine(*pair) for pair in zip(one, other)]
    return other
