from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.drain_filters import filter_pods


def test_pods_are_skipped_refused_or_evicted():
    def one(name, owner="", **spec):
        owners = [{"kind": owner, "name": "o", "controller": True}] if owner else []
        metadata = {"name": name, "namespace": "d", "ownerReferences": owners}
        return {"metadata": metadata, "spec": spec, "status": {"phase": "Running"}}

    local = {"volumes": [{"emptyDir": {}}]}
    pods = [
        one("ds", "DaemonSet"),
        one("alone"),
        one("web", "ReplicaSet"),
        one("tmp", "ReplicaSet", **local),
    ]
    evict, kept, refused = filter_pods(pods, {"force": False, "delete_empty_dir": False})
    assert [p["metadata"]["name"] for p in evict] == ["web"]
    assert "DaemonSet o" in kept[0] and len(refused) == 2
    evict, _, refused = filter_pods(pods, {"force": True, "delete_empty_dir": True})
    assert len(evict) == 3 and not refused
