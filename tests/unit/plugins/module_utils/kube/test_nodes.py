import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.nodes import address, node_summary


def node(**status):
    return {
        "metadata": {
            "name": "n1",
            "labels": {"node-role.kubernetes.io/control-plane": "", "zone": "a"},
        },
        "spec": {"unschedulable": True, "taints": [{"key": "k", "effect": "NoSchedule"}]},
        "status": status,
    }


def test_summary_of_a_ready_node():
    shown = node_summary(
        node(
            conditions=[{"type": "Ready", "status": "True", "message": "kubelet is ready"}],
            nodeInfo={"kubeletVersion": "v1.34.0"},
            addresses=[{"type": "InternalIP", "address": "10.0.0.2"}],
        )
    )
    assert shown["ready"] is True
    assert shown["reason"] == ""
    assert shown["schedulable"] is False
    assert (shown["version"], shown["address"]) == ("v1.34.0", "10.0.0.2")
    assert shown["roles"] == ["control-plane"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ({}, "no status yet"),
        ({"conditions": [{"type": "Ready", "status": "Unknown", "message": "down"}]}, "down"),
    ],
)
def test_summary_names_why_a_node_is_not_ready(status, reason):
    shown = node_summary(node(**status))
    assert (shown["ready"], shown["reason"]) == (False, reason)


def test_internal_address_is_preferred():
    entries = [{"type": "Hostname", "address": "n1"}, {"type": "ExternalIP", "address": "1.2.3.4"}]
    assert address(node(addresses=entries)) == "1.2.3.4"
    assert address(node(addresses=entries[:1])) == "n1"
    assert address(node()) == ""
