from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.cluster import read_cluster


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


def test_an_error_becomes_the_reason(module_of):
    result = read_cluster(module_of(host="http://127.0.0.1:1"))
    assert not result["reachable"] and "127.0.0.1:1" in result["reason"]


def test_a_cluster_without_nodes_is_not_ready(module_of):
    result = read_cluster(module_of())
    assert result["reachable"] and not result["ready"]
