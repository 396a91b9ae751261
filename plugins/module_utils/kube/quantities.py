"""Find the quantities in an object that Kubernetes cannot read. Its refusal names no field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import (
    ValidationErrors,
    quantity,
)

REFUSAL = "quantities must match the regular expression"
# Mappings of resources to quantities, and single fields.
TABLES = ("requests", "limits", "hard", "default", "defaultRequest", "min", "max")
FIELDS = ("sizeLimit", "averageValue", "divisor")


def refused_quantities(obj: dict) -> list[str]:
    """Return a line for each value that is not a quantity, with its path.

    Args:
        obj: The object as declared.
    """
    problems = ValidationErrors()
    for path, value in _quantities(obj, ""):
        if isinstance(value, (str, int, float)):
            quantity(problems, path, value)
    return problems.found


def _quantities(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _quantities(entry, f"{path}[{index}]")
    for key, entry in value.items() if isinstance(value, dict) else ():
        place = f"{path}.{key}".lstrip(".")
        if key in TABLES and isinstance(entry, dict):
            yield from ((f"{place}.{name}", one) for name, one in entry.items())
        elif key in FIELDS:
            yield place, entry
        else:
            yield from _quantities(entry, place)
