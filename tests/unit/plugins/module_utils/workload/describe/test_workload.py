from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.workload import (
    describe_workload,
)
from support.objects import pod


def test_a_workload_is_described_with_everything_around_it(api, apply, cluster):
    apply(ports=[80], replicas=1)
    api.put("pods", pod())
    for number, uid in enumerate(("web-1-uid", "other-uid")):
        api.put(
            "events",
            {
                "kind": "Event",
                "metadata": {"name": f"e{number}", "namespace": "default"},
                "involvedObject": {"uid": uid, "kind": "Pod", "name": "web-1"},
                "reason": "Started",
                "message": "started",
            },
        )
    described = describe_workload(cluster.client, api.get("deployments", "web"), 0)
    assert (described["kind"], described["name"], described["ready"]) == ("Deployment", "web", True)
    assert (described["replicas"], described["images"]) == (1, ["web:1"])
    assert [one["name"] for one in described["pods"]] == ["web-1"]
    assert [one["name"] for one in described["services"]] == ["web"]
    assert [event["reason"] for event in described["events"]] == ["Started"]
    assert "resourceVersion" not in described["object"]["metadata"]


def test_a_job_has_no_replicas(api, apply, cluster):
    apply(kind="Job")
    job = api.get("jobs", "web")
    job["spec"]["selector"] = {"matchLabels": {"app.kubernetes.io/name": "web"}}
    assert describe_workload(cluster.client, job, 0)["replicas"] is None
