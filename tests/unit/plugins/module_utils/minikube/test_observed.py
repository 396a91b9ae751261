"""Tests of ``minikube.observed``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.observed import (
    Observed,
    describe_nodes,
)
from support.minikube_profile import node, observed


def test_the_first_node_is_the_control_plane():
    seen = observed(node("m02"), node("m03"))
    assert seen.primary.name == "lab"
    assert [worker.name for worker in seen.workers] == ["lab-m02", "lab-m03"]
    assert Observed("lab").primary is None


def test_nodes_are_described_without_internal_facts():
    first, second = describe_nodes(observed(node("m02", ready=False, ip="10.0.0.2")))
    assert (first["roles"], second["roles"]) == (["control-plane"], ["worker"])
    assert (second["ready"], second["address"]) == (False, "10.0.0.2")
    assert "volume" not in first
