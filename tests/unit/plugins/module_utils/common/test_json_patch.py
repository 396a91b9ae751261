"""Tests of ``common.json_patch``."""

from __future__ import annotations

import copy
import re

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.json_patch import (
    JsonPatchError,
    apply_patch,
    mistakes,
    value_at,
)

DOCUMENT = {"a": {"b": [1, 2], "x/y": 1, "~": 2}, "n": None}


@pytest.mark.parametrize(
    ("operation", "path", "expected"),
    [
        ({"op": "add", "path": "/a/c", "value": 3}, "/a/c", 3),
        ({"op": "add", "path": "/a/b/-", "value": 3}, "/a/b", [1, 2, 3]),
        ({"op": "add", "path": "/a/b/0", "value": 3}, "/a/b", [3, 1, 2]),
        ({"op": "add", "path": "/a/b/2", "value": 3}, "/a/b", [1, 2, 3]),
        ({"op": "add", "path": "", "value": 3}, "", 3),
        ({"op": "replace", "path": "/a/b/1", "value": 3}, "/a/b", [1, 3]),
        ({"op": "replace", "path": "/n", "value": 3}, "/n", 3),
        ({"op": "remove", "path": "/a/b/0"}, "/a/b", [2]),
        ({"op": "remove", "path": "/a/x~1y"}, "/a", {"b": [1, 2], "~": 2}),
        ({"op": "move", "from": "/a/~0", "path": "/m"}, "/m", 2),
        ({"op": "copy", "from": "/a/b", "path": "/m"}, "/m", [1, 2]),
        ({"op": "test", "path": "/n", "value": None}, "", DOCUMENT),
    ],
)
def test_operations(operation, path, expected):
    before = copy.deepcopy(DOCUMENT)
    assert value_at(apply_patch(DOCUMENT, [operation]), path) == expected
    assert before == DOCUMENT


def test_a_moved_value_has_left_its_place():
    moved = apply_patch(DOCUMENT, [{"op": "move", "from": "/a/b/0", "path": "/a/b/-"}])
    assert moved["a"]["b"] == [2, 1]


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ({"op": "test", "path": "/a/b/0", "value": 5}, "test /a/b/0: expected 5, but it is 1"),
        ({"op": "test", "path": "/z", "value": 5}, "test /z: the path does not exist"),
        ({"op": "replace", "path": "/z", "value": 5}, "replace /z: the path does not exist"),
        ({"op": "remove", "path": "/a/b/2"}, "remove /a/b/2: the path"),
        ({"op": "add", "path": "/a/b/3", "value": 5}, "add /a/b/3: the path"),
        ({"op": "add", "path": "/a/b/x", "value": 5}, "add /a/b/x: the path"),
        ({"op": "add", "path": "/z/y", "value": 5}, "add /z/y: the path"),
        ({"op": "add", "path": "/n/y", "value": 5}, "add /n/y: the path"),
        ({"op": "replace", "path": "/a/b/-", "value": 5}, "replace /a/b/-: the path"),
        ({"op": "copy", "from": "/z", "path": "/y"}, "copy /y: the path"),
    ],
)
def test_an_operation_that_is_not_possible_is_named(operation, text):
    with pytest.raises(JsonPatchError, match=text):
        apply_patch(DOCUMENT, [operation])


@pytest.mark.parametrize(
    ("patch", "text"),
    [
        ({}, "is a list"),
        ([], "is a list"),
        (["add"], r"\[0\]: op is one of add, remove"),
        ([{"op": "merge"}], r"\[0\]: op is one of"),
        ([{"op": "add", "path": "/a"}], r"\[0\]: add needs value"),
        ([{"op": "move"}], r"\[0\]: move needs path and from"),
        ([{"op": "remove", "path": "a.b"}], r"\[0\]: path begins with a slash: 'a.b'"),
        ([{"op": "remove", "path": 1}], r"\[0\]: path begins with a slash: 1"),
    ],
)
def test_mistakes_are_found_without_a_document(patch, text):
    assert any(re.search(text, one) for one in mistakes(patch))


def test_a_valid_patch_has_no_mistakes():
    assert (
        mistakes([{"op": "add", "path": "/a", "value": None}, {"op": "remove", "path": ""}]) == []
    )
