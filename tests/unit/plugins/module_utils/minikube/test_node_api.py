"""Tests of ``minikube.node_api``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import (
    has_written,
    is_fresh,
)


def test_a_lease_counts_only_when_it_is_newer_than_the_node():
    now = datetime.now(UTC)
    lease = {"spec": {"renewTime": now.isoformat().replace("+00:00", "Z")}}
    assert is_fresh(lease, now.timestamp() - 1)
    assert not is_fresh(lease, now.timestamp() + 1)
    assert not is_fresh({"spec": {"renewTime": (now - timedelta(minutes=1)).isoformat()}}, 0)
    assert not is_fresh(None, 0)


def test_a_condition_counts_only_when_it_is_newer_than_the_node():
    now = datetime.now(UTC)

    def node(written):
        condition = {"type": "Ready", "status": "True", "lastHeartbeatTime": written.isoformat()}
        return {"status": {"conditions": [condition]}}

    assert has_written(node(now), now.timestamp() - 1)
    assert not has_written(node(now), now.timestamp() + 1)
    assert not has_written(node(now - timedelta(minutes=1)), 0)
    assert not has_written({"status": {}}, 0)
    assert not has_written(None, 0)
