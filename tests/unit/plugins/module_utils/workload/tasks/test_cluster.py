from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.cluster import read_cluster
from support.objects import pod


def test_a_cluster_is_ready_when_all_nodes_are(api, module_of):
    for name, ready in (("n2", "True"), ("n1", "False")):
        api.put(
            "nodes",
            {
                "kind": "Node",
                "metadata": {"name": name},
                "spec": {},
                "status": {"conditions": [{"type": "Ready", "status": ready}]},
            },
        )
    result = read_cluster(module_of())
    assert (result["reachable"], result["version"], result["ready"]) == (True, "v1.35.1", False)
    assert [node["name"] for node in result["nodes"]] == ["n1", "n2"]
    api.remove("nodes", "n1", "")
    assert read_cluster(module_of())["ready"]


@pytest.mark.slow
def test_an_error_becomes_the_reason(module_of):
    result = read_cluster(module_of(host="http://127.0.0.1:1"))
    assert not result["reachable"] and "127.0.0.1:1" in result["reason"]


def test_a_cluster_without_nodes_is_not_ready(module_of):
    result = read_cluster(module_of())
    assert result["reachable"] and not result["ready"]


def test_pods_and_services_are_read_when_they_are_asked_for(api, module_of):
    api.put("pods", pod())
    api.put(
        "services",
        {"kind": "Service", "metadata": {"name": "web", "namespace": "default"}, "spec": {}},
    )
    assert "namespaces" not in read_cluster(module_of())
    result = read_cluster(module_of(workloads=True))
    assert [(one["namespace"], one["pods"], one["ready"]) for one in result["namespaces"]] == [
        ("default", 1, 1)
    ]
    assert [one["name"] for one in result["services"]] == ["web"]
