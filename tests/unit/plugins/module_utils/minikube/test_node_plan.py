"""Tests of ``minikube.node_plan``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.actions import Refusal
from ansible_collections.slipway.lab.plugins.module_utils.minikube.plan import plan
from support.minikube_profile import desired, node, observed


def kinds(*args) -> list[tuple[str, str]]:
    return [action.key for action in plan(*args)]


def test_nodes_come_and_go():
    assert kinds(desired(nodes=4), observed(node("m02"))) == [("add-node", "2"), ("add-node", "3")]
    seen = observed(node("m02"), node("m03"), node("m04"))
    assert kinds(desired(nodes=2), seen) == [("remove-node", "m04"), ("remove-node", "m03")]


def test_a_broken_worker_is_the_first_to_go():
    seen = observed(node("m02", container="missing"), node("m03"))
    assert kinds(desired(nodes=2), seen) == [("remove-node", "m02")]


def test_a_control_plane_is_never_removed():
    second = node("m02")
    second.control_plane = True
    with pytest.raises(Refusal, match="only worker nodes"):
        plan(desired(nodes=1), observed(second))


def test_labels_and_taints():
    taint = {"key": "tier", "value": "x", "effect": "NoSchedule"}
    system = {"key": "node.kubernetes.io/not-ready", "effect": "NoExecute"}
    worker = node("m02", labels={"a": "1", "kept": "1"}, taints=[system])
    wanted = desired(
        node_labels={"lab-m02": {"a": "2", "gone": None}}, node_taints={"lab-m02": [taint]}
    )
    (action,) = plan(wanted, observed(worker))
    assert action.data == {"metadata": {"labels": {"a": "2"}}, "spec": {"taints": [system, taint]}}
    worker.labels["a"], worker.taints = "2", [taint]
    assert plan(wanted, observed(worker)) == []


def test_labels_of_a_missing_node():
    with pytest.raises(Refusal, match="its nodes are lab, lab-m02"):
        plan(desired(nodes=2, node_labels={"m02": {"a": "1"}}), observed(node("m02")))
    # The node exists after the next action.
    assert kinds(desired(nodes=2, node_labels={"lab-m02": {"a": "1"}}), observed()) == [
        ("add-node", "1")
    ]
