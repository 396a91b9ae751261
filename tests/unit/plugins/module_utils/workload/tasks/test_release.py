"""Versions and kinds of the cluster, for the templates of charts."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.release import read_release
from support.kube_fake import Refused


def test_versions_and_kinds(api, module_of):
    found = read_release(module_of(name="web"))
    assert found["release"] is None and found["helm"] is None and found["version"] == "v1.35.1"
    assert {"v1", "v1/Secret", "batch/v1", "batch/v1/Job"} <= set(found["api_versions"])


def test_an_extension_that_is_down_has_no_kinds(api, module_of):
    def down(method, path):
        if path.startswith("/apis/policy/v1"):
            raise Refused(404, "NotFound", "down")

    api.faults.append(down)
    found = read_release(module_of(name="web"))["api_versions"]
    assert "policy/v1" in found and "policy/v1/PodDisruptionBudget" not in found
