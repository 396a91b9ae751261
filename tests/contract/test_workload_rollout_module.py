"""`workload_rollout undo` counts the latest declaration even before its controller has observed it."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.revisions import REVISION
from support.kube_fake import FakeApi, replica_set
from support.module_runner import run_module

WEB = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "web",
        "namespace": "default",
        "uid": "web-uid",
        "generation": 3,
        "annotations": {REVISION: "2"},
    },
    "spec": {
        "replicas": 0,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": "v3"}]},
        },
    },
    "status": {"observedGeneration": 2},
}


@pytest.fixture
def api():
    """A Deployment whose third declaration the controller has not seen."""
    with FakeApi() as fake:
        fake.put("deployments", WEB)
        for number in (1, 2):
            fake.put("replicasets", replica_set(f"v{number}", number, WEB))
        yield fake


def undo(api, seconds):
    options = {"host": api.url, "name": "web", "action": "undo", "to_revision": 3}
    return run_module("workload_rollout", **options, wait_timeout=seconds)


def test_undo_waits_for_the_revision_of_the_latest_declaration(api):
    def change(web):
        web["metadata"]["annotations"][REVISION] = "3"
        web["status"]["observedGeneration"] = 3

    def controller_wakes(method, path):
        if "watch=true" in path and not api.get("replicasets", "v3"):
            api.put("replicasets", replica_set("v3", 3, WEB))
            api.update("deployments", "web", change)

    api.faults.append(controller_wakes)
    result = undo(api, 10)
    assert not result.get("failed"), result["msg"]
    assert result["revision"] == 3 and not result["changed"]


def test_undo_says_that_no_controller_looks(api):
    result = undo(api, 1)
    assert result["failed"] and not api.writes
    assert "its controller has not seen the latest declaration (after 1 s)" in result["msg"]
