from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.node_patch import (
    declared_taints,
    node_patch,
    write_node,
)

PATH = "/api/v1/nodes/n1"
TAINT = {"key": "a", "effect": "NoSchedule"}


def node(**spec) -> dict:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "n1", "resourceVersion": "5", "labels": {"zone": "a"}},
        "spec": spec,
    }


def test_taints_change_only_what_is_named():
    now = [TAINT, {"key": "b", "effect": "NoExecute"}]
    declared = [{"key": "b", "state": "absent"}, {"key": "c", "value": "1", "effect": "NoSchedule"}]
    assert declared_taints(now, declared) == [
        now[0],
        {"key": "c", "value": "1", "effect": "NoSchedule"},
    ]


@pytest.mark.parametrize(
    ("spec", "params", "patch"),
    [
        ({}, {"state": "schedulable", "labels": {"zone": "a"}, "taints": []}, {}),
        ({}, {"state": "cordoned"}, {"spec": {"unschedulable": True}}),
        ({"unschedulable": True}, {"state": "schedulable"}, {"spec": {"unschedulable": None}}),
        ({}, {"labels": {"zone": None, "b": 1}}, {"metadata": {"labels": {"zone": None, "b": "1"}}}),
        (
            {"taints": [TAINT]},
            {"taints": [{"key": "a", "state": "absent"}]},
            {"spec": {"taints": None}, "metadata": {"resourceVersion": "5"}},
        ),
    ],
)  # fmt: skip
def test_a_patch_has_only_what_differs(spec, params, patch):
    assert node_patch(node(**spec), params) == patch


def test_a_concurrent_change_of_the_taints_is_not_lost(api, cluster):
    before = api.put("nodes", node())
    other = {"key": "other", "effect": "NoExecute"}
    api.update("nodes", "n1", lambda obj: obj["spec"].update(taints=[other]), "")
    after = write_node(cluster, PATH, before, {"taints": [TAINT]})
    assert after["spec"]["taints"] == [other, TAINT]


def test_check_mode_writes_nothing(api, params):
    before = api.put("nodes", node())
    cluster = Cluster.connect(params, "node", check=True)
    assert write_node(cluster, PATH, before, {"state": "cordoned"})["spec"]["unschedulable"]
    assert not api.get("nodes", "n1", "")["spec"]
