from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.pod_tracker import trim_pod


def test_only_awaited_pods_of_a_list_are_kept_whole():
    metadata = {
        "uid": "u",
        "name": "p",
        "namespace": "d",
        "labels": {"a": "b"},
        "managedFields": [1],
    }
    spec = {"containers": [{"name": "c"}]}
    pending = {"metadata": metadata, "spec": spec, "status": {"phase": "Pending"}}
    kept = trim_pod(pending)
    assert kept["spec"] == spec and kept["status"] == {"phase": "Pending"}
    assert kept["metadata"] == {k: v for k, v in metadata.items() if k != "managedFields"}
    ready = {**pending, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    assert trim_pod(ready) == {
        "metadata": {"uid": "u", "name": "p"},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }
    leaving = {**pending, "metadata": {**metadata, "deletionTimestamp": "now"}}
    assert "spec" not in trim_pod(leaving)
    assert trim_pod(leaving)["metadata"]["deletionTimestamp"] == "now"
