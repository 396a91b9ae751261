from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    difference,
    extract,
    is_unchanged,
    named_fields,
    without_fields,
)

FIELDS = {
    "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:containers": {'k:{"name":"c"}': {".": {}, "f:name": {}, "f:image": {}}},
        "f:finalizers": {'v:"a"': {}},
    }
}


CONFIG = {
    "apiVersion": "v1",
    "kind": "X",
    "metadata": {"name": "n"},
    "spec": {
        "replicas": 1,
        "selector": {"a": "b"},
        "containers": [{"name": "c", "image": "i"}],
        "finalizers": ["a"],
    },
}


def live(**spec):
    containers = [{"name": "other"}, {"name": "c", "image": "i", "added": "by the server"}]
    return {
        "apiVersion": "v1",
        "kind": "X",
        "metadata": {
            "name": "n",
            "managedFields": [{"manager": "m", "operation": "Apply", "fieldsV1": FIELDS}],
        },
        "spec": {**CONFIG["spec"], "containers": containers, "finalizers": ["x", "a"], **spec},
        "status": {"replicas": 5},
    }


def test_equal_manifest_is_unchanged():
    assert is_unchanged(CONFIG, live(), "m")


@pytest.mark.parametrize(
    ("config", "obj", "manager"),
    [
        (CONFIG, live(), "another"),
        (CONFIG, live(replicas=2), "m"),
        (CONFIG, live(selector={"a": "b", "c": "d"}), "m"),
        (CONFIG, live(containers=[{"name": "c", "image": "j"}]), "m"),
        (CONFIG, live(containers=[]), "m"),
        (CONFIG, live(finalizers=["x"]), "m"),
        ({**CONFIG, "spec": {**CONFIG["spec"], "more": 1}}, live(), "m"),
        ({**CONFIG, "spec": {"replicas": 1}}, live(), "m"),
        ({**CONFIG, "metadata": {"name": "n", "labels": {"a": "b"}}}, live(), "m"),
    ],
)
def test_any_difference_may_be_a_change(config, obj, manager):
    assert not is_unchanged(config, obj, manager)


def test_extract_gives_back_the_declaration():
    assert extract(live(), FIELDS) == CONFIG


ITEM = 'k:{"name":"c"}'


def test_the_difference_of_field_sets_has_what_only_the_first_has():
    one = {"f:a": {}, "f:b": {".": {}, "f:x": {}, "f:y": {}}, "f:c": {"f:z": {}}, "f:d": {}}
    other = {"f:b": {"f:x": {}}, "f:c": {"f:z": {}}, "f:d": {"f:deep": {}}}
    assert difference(one, other) == {"f:a": {}, "f:b": {".": {}, "f:y": {}}}
    assert difference(one, one) == {}


@pytest.mark.parametrize(
    ("value", "fields", "rest"),
    [
        ({"a": 1, "b": 2}, {"f:a": {}}, {"b": 2}),
        ({"m": {"x": 1, "y": 2}}, {"f:m": {".": {}, "f:x": {}}}, {"m": {"y": 2}}),
        ({"m": {"x": 1}}, {"f:m": {".": {}, "f:x": {}}}, {}),
        ({"m": {"x": 1}}, {"f:m": {"f:x": {}}}, {"m": {}}),
        ({"m": {"x": 1}}, {"f:m": {".": {}}}, {"m": {"x": 1}}),
        ({"m": {}}, {"f:m": {}}, {}),
        ({"l": [{"name": "c", "x": 1}, {"name": "d"}]}, {"f:l": {ITEM: {".": {}}}}, {"l": [{"name": "d"}]}),
        ({"l": [{"name": "c", "x": 1}]}, {"f:l": {ITEM: {"f:x": {}}}}, {"l": [{"name": "c"}]}),
        ({"l": ["a", "b"]}, {"f:l": {'v:"a"': {}}}, {"l": ["b"]}),
    ],
)  # fmt: skip
def test_fields_are_taken_out_of_an_object(value, fields, rest):
    assert without_fields(value, fields) == rest


def test_fields_that_a_value_has_are_named():
    containers = [{"name": "c", "image": "i"}]
    value = {"spec": {"replicas": 0, "containers": containers, "finalizers": ["a"], "empty": {}}}
    fields = {"f:spec": {**FIELDS["f:spec"], "f:empty": {}, "f:absent": {}}}
    assert named_fields(value, fields) == [
        "spec.containers[c]",
        "spec.finalizers[a]",
        "spec.replicas",
    ]
    below = {"f:spec": {"f:containers": {ITEM: {"f:image": {}}}}}
    assert named_fields(value, below) == ["spec.containers[c].image"]
    assert named_fields(value, {"f:spec": {".": {}}}) == []
