"""Tests of ``workload.steps.creation``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.creation import (
    creation_result,
    wait_for_created,
)
from support.objects import pod


def test_the_result_identifies_the_object():
    one = pod(resourceVersion="7")
    assert creation_result(one, diff=False) == {
        "changed": True, "kind": "Pod", "namespace": "default", "name": "web-1", "uid": "web-1-uid",
        "resource_version": "7",
    }  # fmt: skip
    assert creation_result(one, diff=True)["diff"]["before"] == {"Pod default/web-1": {}}


def test_a_pod_is_waited_for_and_its_logs_are_read(api, cluster):
    one = api.put("pods", pod())
    api.answers["/api/v1/namespaces/default/pods/web-1/log"] = lambda: (200, b"line\n")
    result: dict = {}
    wait_for_created(cluster, one, 5, result)
    assert (result["state"], result["logs"][0]["lines"]) == ("ready", ["line"])
    assert any("tailLines=5" in path for _, path in api.log)
