"""Tests of ``practice.expressions``."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.practice.expressions import (
    ERRORS,
    evaluate,
    render,
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("found.status.ready | default(0) == 0", True),
        ("found.a.b.c is defined", False),
        ("items_ | map(attribute='n') | unique | length", 2),
        ("items_ | selectattr('n', 'eq', 1) == [{'n': 1}, {'n': 1}]", True),
        ("('{\"a\": 3}' | from_json).a", 3),
    ],
)
def test_what_is_missing_is_undefined_and_lists_are_lists(expression, value):
    known = {"found": None, "items_": [{"n": 1}, {"n": 2}, {"n": 1}]}
    assert evaluate(expression, known) == value


def test_a_template_is_rendered_with_values():
    assert (
        render("{{ found.spec.replicas }} of {{ n }}", {"found": {"spec": {}}, "n": 3}) == " of 3"
    )


@pytest.mark.parametrize("expression", ["1 +", "[] | nothing", "'a' + 1", "'{' | from_json"])
def test_errors_are_the_listed_ones(expression):
    with pytest.raises(ERRORS):
        evaluate(expression, {})
