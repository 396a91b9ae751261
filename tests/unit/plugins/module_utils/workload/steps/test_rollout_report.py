from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.rollout_report import (
    change_report,
    rollout_report,
)
from support.kube_fake import replica_set
from support.objects import deployment


def test_equal_objects_have_an_empty_report():
    assert change_report(deployment(), deployment()) == {}


def test_changed_fields_are_reported_with_a_diff():
    report = change_report(deployment(), deployment(paused=True))
    assert [change["field"] for change in report["changes"]] == ["spec.paused"]
    assert "paused" in str(report["diff"])


def test_the_revisions_and_the_status_are_reported(api, cluster):
    web = deployment()
    web["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "2"}
    web["spec"]["template"]["spec"]["containers"][0]["image"] = "v2"
    for number in (1, 2):
        api.put("replicasets", replica_set(f"v{number}", number, web))
    report = rollout_report(cluster.client, web)
    assert [entry["revision"] for entry in report["history"]] == [1, 2]
    assert (report["revision"], report["status"]["done"]) == (2, True)
