from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.node import (
    NodeTask,
    manage_node,
)
from support.objects import pod

DRAIN = {
    "name": "n1",
    "state": "drained",
    "force": False,
    "delete_empty_dir": False,
    "keep_pods": False,
}


@pytest.fixture
def node(api):
    return api.put("nodes", {"kind": "Node", "metadata": {"name": "n1"}, "spec": {}})


@pytest.fixture
def owned_pod(api):
    owner = {"kind": "ReplicaSet", "name": "web", "controller": True}
    return api.put("pods", pod(ownerReferences=[owner]))


def test_a_drain_cordons_and_evicts(api, params, node, owned_pod):
    result = NodeTask({**params, **DRAIN}).run()
    assert result["changed"] and result["evicted"] == ["default/web-1"]
    assert api.get("nodes", "n1", "")["spec"]["unschedulable"]
    assert not api.get("pods", "web-1")
    assert result["diff"]["before"]["schedulable"] and not result["diff"]["after"]["schedulable"]


def test_check_mode_predicts_a_drain(api, params, node, owned_pod):
    result = NodeTask({**params, **DRAIN}, check=True).run()
    assert result["changed"] and result["evicted"] == ["default/web-1"]
    assert api.get("pods", "web-1") and not api.get("nodes", "n1", "")["spec"]


@pytest.mark.parametrize("check", [False, True])
def test_a_drain_of_a_node_without_pods_is_a_change_once(api, params, node, check):
    result = NodeTask({**params, **DRAIN}, check=check).run()
    assert result["changed"] and result["evicted"] == []
    assert bool(api.writes) is not check
    api.update("nodes", "n1", lambda one: one["spec"].update(unschedulable=True), "")
    assert not NodeTask({**params, **DRAIN}).run()["changed"]


def test_a_pod_without_a_controller_blocks_a_drain(api, params, node):
    api.put("pods", pod())
    with pytest.raises(KubeError, match="node n1 was not drained, nothing was changed"):
        NodeTask({**params, **DRAIN}).run()
    assert not api.writes


def test_a_pod_without_a_controller_can_stay(api, params, node, owned_pod):
    api.put("pods", pod("lone"))
    result = NodeTask({**params, **DRAIN, "keep_pods": True}).run()
    assert result["evicted"] == ["default/web-1"] and api.get("pods", "lone")
    assert "default/lone has no controller" in result["kept"][0]


def test_a_missing_node_is_reported_with_the_existing_ones(module_of, node):
    with pytest.raises(KubeError, match="node n2 does not exist; choose one of: n1"):
        manage_node(module_of(name="n2"))


def test_an_equal_node_is_unchanged(api, module_of, node):
    result = manage_node(module_of(name="n1", state="schedulable"))
    assert not result["changed"] and not api.writes
