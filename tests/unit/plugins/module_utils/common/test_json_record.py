"""Recorded changes of JSON objects are taken back exactly."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.json_record import (
    record_changes,
    take_back,
)

CASES = [
    ({}, {}),
    ({}, {"a": 1}),
    ({"a": 1}, {}),
    ({"a": 1, "x": 2}, {"a": 2, "x": 2}),
    ({}, {"o": {"a": 1, "b": {"c": None}}}),
    ({"o": {"mine": 1}}, {"o": {"mine": 1, "yours": 2}}),
    ({"o": 1}, {"o": {"a": 1}}),
    ({"o": {"a": 1}}, {"o": 1}),
    ({"l": [1]}, {"l": [1, 2]}),
    ({}, {"l": [2]}),
    ({"l": [1]}, {"l": [3]}),
]


@pytest.mark.parametrize(("base", "after"), CASES)
def test_changes_are_taken_back(base, after):
    assert take_back(after, record_changes(base, after)) == base


@pytest.mark.parametrize("base", [{}, {"l": [1]}, {"l": [1], "x": 2}])
def test_elements_of_united_lists_are_taken_back(base):
    after = {**base, "l": [*base.get("l", []), 5, 6]}
    assert take_back(after, record_changes(base, after, ["l"])) == base


def test_a_value_that_changed_again_is_kept():
    entries = record_changes({"a": 1, "o": {}}, {"a": 2, "o": {"b": 3}, "c": 4})
    assert take_back({"a": 9, "o": {"b": 8}}, entries) == {"a": 9, "o": {"b": 8}}
    assert take_back({"a": 2, "o": "text"}, entries) == {"a": 1, "o": "text"}


def test_elements_that_were_added_later_are_kept():
    entries = record_changes({"l": [1]}, {"l": [1, 2]}, ["l"])
    assert entries == [{"path": ["l"], "items": [2]}]
    assert take_back({"l": [1, 2, 3]}, entries) == {"l": [1, 3]}


def test_the_content_is_not_changed():
    content = {"o": {"a": 1, "b": 2}}
    take_back(content, record_changes({"o": {"b": 2}}, content))
    assert content == {"o": {"a": 1, "b": 2}}
