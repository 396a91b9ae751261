"""Apply a JSON patch (RFC 6902) to a document, as pure functions."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

# operations, and the members that each needs besides op and path
OPERATIONS = {
    "add": ("value",),
    "remove": (),
    "replace": ("value",),
    "move": ("from",),
    "copy": ("from",),
    "test": ("value",),
}
END = "-"


class JsonPatchError(SlipwayError):
    """A patch that cannot be applied to a document."""


class FailedTestError(JsonPatchError):
    """A value is not the expected one. ``place`` is where."""

    def __init__(self, place: str, expected: Any, found: Any):
        super().__init__(f"test {place}: expected {expected!r}, but it is {found!r}")
        self.place = place


def mistakes(patch: Any) -> list[str]:
    """Return what is not valid in a patch, whatever it is applied to."""
    if not isinstance(patch, list) or not patch:
        return ["a JSON patch is a list of operations"]
    found = []
    for number, operation in enumerate(patch):
        kind = operation.get("op") if isinstance(operation, dict) else None
        if kind not in OPERATIONS:
            found.append(f"[{number}]: op is one of {', '.join(OPERATIONS)}")
            continue
        needed = ("path", *OPERATIONS[kind])
        missing = [name for name in needed if name not in operation]
        if missing:
            found.append(f"[{number}]: {kind} needs {' and '.join(missing)}")
        for name in {"path", "from"} & operation.keys():
            pointer = operation[name]
            if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
                found.append(f"[{number}]: {name} begins with a slash: {pointer!r}")
    return found


def apply_patch(document: Any, patch: list[dict]) -> Any:
    """Return the document after the operations. The document itself stays as it is.

    Raises:
        JsonPatchError: An operation is not possible, or a test fails. The message names it.
    """
    document = copy.deepcopy(document)
    for operation in patch:
        try:
            document = _apply(document, operation)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise JsonPatchError(
                f"{operation['op']} {operation['path']}: the path does not exist"
            ) from error
    return document


def value_at(document: Any, pointer: str) -> Any:
    """Return the value at a JSON pointer.

    Raises:
        KeyError, IndexError, TypeError, ValueError: There is none.
    """
    for step in _steps(pointer):
        document = (
            document[_index(document, step)] if isinstance(document, list) else document[step]
        )
    return document


def _apply(document: Any, operation: dict) -> Any:
    kind, path = operation["op"], operation["path"]
    if kind == "test":
        found = value_at(document, path)
        if found != operation["value"]:
            raise FailedTestError(path, operation["value"], found)
        return document
    if kind in ("replace", "remove"):
        value_at(document, path)
    if kind == "remove":
        return _removed(document, path)
    if kind in ("add", "replace"):
        return _added(document, path, operation["value"], replace=kind == "replace")
    value = copy.deepcopy(value_at(document, operation["from"]))
    if kind == "move":
        document = _removed(document, operation["from"])
    return _added(document, path, value)


def _added(document: Any, path: str, value: Any, replace: bool = False) -> Any:
    *above, last = _steps(path) or [None]
    if last is None:
        return value
    parent = value_at(document, _pointer(above))
    if isinstance(parent, list):
        if replace:
            parent[_index(parent, last)] = value
        else:
            index = len(parent) if last == END else _number(last)
            if index > len(parent):
                raise IndexError(last)
            parent.insert(index, value)
    elif isinstance(parent, dict):
        parent[last] = value
    else:
        raise TypeError(path)
    return document


def _removed(document: Any, path: str) -> Any:
    *above, last = _steps(path)
    parent = value_at(document, _pointer(above))
    del parent[_index(parent, last) if isinstance(parent, list) else last]
    return document


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _pointer(steps: list[str]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _index(items: list, step: str) -> int:
    index = _number(step)
    if index >= len(items):
        raise IndexError(step)
    return index


def _number(step: str) -> int:
    if not step.isdigit():
        raise ValueError(step)
    return int(step)
