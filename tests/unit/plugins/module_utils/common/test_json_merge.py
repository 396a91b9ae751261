"""Merge of JSON objects."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.json_merge import (
    changed_keys,
    merge,
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
