from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.disturbance import (
    disturb,
    ready_pods,
)
from support.objects import pod

PATH = "/api/v1/namespaces/default/pods"
OPTIONS = {
    "selector": "app.kubernetes.io/name=web",
    "seconds": 0.3,
    "pause": 0.05,
    "leave": 1,
    "kill_process": [],
    "seed": 1,
}


def test_only_ready_pods_are_disturbed(api, cluster):
    for one in (pod("web-2"), pod("web-1"), pod("web-3", ready=False)):
        api.put("pods", one)
    pods = ready_pods(cluster.client, PATH, OPTIONS["selector"])
    assert [found["metadata"]["name"] for found in pods] == ["web-1", "web-2"]


def test_pods_are_killed_until_the_rest_has_to_stay(api, module_of):
    for name in ("web-1", "web-2", "web-3"):
        api.put("pods", pod(name))
    result = disturb(module_of(**OPTIONS))
    assert result["changed"] and [one["kind"] for one in result["disturbances"]] == ["pod", "pod"]
    left = [name for plural, _, name in api.objects if plural == "pods"]
    assert len(left) == 1


def test_without_pods_nothing_is_changed(module_of):
    assert disturb(module_of(**OPTIONS)) == {"changed": False, "disturbances": []}
