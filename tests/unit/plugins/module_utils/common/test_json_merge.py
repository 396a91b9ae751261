"""Merge of JSON objects."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.json_merge import (
    changed_keys,
    fitting_defaults,
    merge,
    unite,
)


@pytest.mark.parametrize(
    ("base", "declared", "expected"),
    [
        ({}, {}, {}),
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({}, {"a": None}, {}),
        ({"a": {"x": 1}}, {"a": {"y": 2}}, {"a": {"x": 1, "y": 2}}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": None}}, {"a": {"y": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": {"x": 1}}, {"a": 1}, {"a": 1}),
        ({"a": True}, {"a": False}, {"a": False}),
    ],
)
def test_merge(base, declared, expected):
    before = repr(base)
    assert merge(base, declared) == expected
    assert repr(base) == before


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1}, []),
        ({"b": 1}, {"a": 1}, ["a", "b"]),
        ({"a": {"x": 1}}, {"a": {"x": 2}}, ["a"]),
        ({}, {"a": None}, ["a"]),
    ],
)
def test_changed_keys(before, after, expected):
    assert changed_keys(before, after) == expected


@pytest.mark.parametrize(
    ("base", "declared", "expected"),
    [
        ({"l": [1]}, {"l": [2]}, {"l": [1, 2]}),
        ({"l": [1, 2]}, {"l": [2, 3]}, {"l": [1, 2, 3]}),
        ({}, {"l": [2]}, {"l": [2]}),
        ({"l": [1]}, {"l": None}, {"l": None}),
        ({"l": "text"}, {"l": [2]}, {"l": [2]}),
        ({"l": [1]}, {"other": 5}, {"other": 5}),
    ],
)
def test_lists_are_united(base, declared, expected):
    assert unite(base, declared, ["l"]) == expected


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, {"driver": "a", "opts": 1}),
        ({"driver": "a"}, {"driver": "a", "opts": 1}),
        ({"driver": "b"}, {"driver": "a"}),
    ],
)
def test_defaults_of_another_choice_are_left_out(chosen, expected):
    assert fitting_defaults({"driver": "a", "opts": 1}, chosen, [["driver", "opts"]]) == expected
