from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.overlay import merged


@pytest.mark.parametrize(
    ("value", "overlay", "result"),
    [
        ({"a": 1, "b": {"c": 2}}, {"b": {"d": 3}}, {"a": 1, "b": {"c": 2, "d": 3}}),
        ({"a": 1, "b": 2}, {"b": None}, {"a": 1}),
        ({"a": 1}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"b": 1}}, {"a": "x"}, {"a": "x"}),
        ({"a": 1}, {}, {"a": 1}),
        ({}, {"a": [{"name": "x"}]}, {"a": [{"name": "x"}]}),
    ],
)
def test_fields_are_merged(value, overlay, result):
    assert merged(value, overlay) == result


def test_lists_of_named_things_are_merged_by_name():
    value = [{"name": "web", "image": "web:1"}, {"name": "logs", "image": "logs:1"}]
    overlay = [{"name": "new", "image": "new:1"}, {"name": "web", "tty": True}]
    assert merged(value, overlay) == [
        {"name": "web", "image": "web:1", "tty": True},
        {"name": "logs", "image": "logs:1"},
        {"name": "new", "image": "new:1"},
    ]


def test_other_lists_are_replaced():
    tolerations = [{"key": "a"}]
    assert merged(tolerations, [{"key": "b"}]) == [{"key": "b"}]
    assert merged([{"name": "a"}], [{"value": "x"}]) == [{"value": "x"}]


def test_mounts_are_merged_by_path_because_a_volume_may_be_mounted_twice():
    value = {"volumeMounts": [{"name": "v", "mountPath": "/a"}, {"name": "v", "mountPath": "/b"}]}
    overlay = {"volumeMounts": [{"mountPath": "/b", "readOnly": True}]}
    assert merged(value, overlay)["volumeMounts"] == [
        {"name": "v", "mountPath": "/a"},
        {"name": "v", "mountPath": "/b", "readOnly": True},
    ]


def test_the_rendered_value_does_not_change():
    value = {"a": {"b": [{"name": "x"}]}}
    merged(value, {"a": {"b": [{"name": "x", "c": 1}], "d": 1}})
    assert value == {"a": {"b": [{"name": "x"}]}}
