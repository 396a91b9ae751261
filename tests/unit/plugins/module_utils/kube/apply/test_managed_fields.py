from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    extract,
    is_unchanged,
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
