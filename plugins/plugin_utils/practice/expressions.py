"""The expressions of checks: Jinja's, with lists where Jinja has generators, as in Ansible."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jinja2 import ChainableUndefined, Environment, TemplateError

LAZY = ("map", "select", "reject", "selectattr", "rejectattr", "unique")
# Errors of an expression whose values have another form than the author expected.
ERRORS = (TemplateError, TypeError, ValueError, KeyError, AttributeError)


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression. What is missing is undefined, at any depth.

    Raises:
        TemplateError: The expression is wrong.
    """
    return environment().compile_expression(expression, undefined_to_none=False)(**values)


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return a template with values.

    Raises:
        TemplateError: The template is wrong.
    """
    return environment().from_string(template).render(values)


@functools.cache
def environment() -> Environment:
    """Return the environment of expressions, with the filters that authors can use."""
    found = Environment(undefined=ChainableUndefined)
    found.filters["from_json"] = json.loads
    for name in LAZY:
        found.filters[name] = _listed(found.filters[name])
    return found


def _listed(function: Callable[..., Iterable[Any]]) -> Callable[..., list[Any]]:
    @functools.wraps(function)
    def filter_(*words: Any, **named: Any) -> list[Any]:
        return list(function(*words, **named))

    return filter_
