from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.apply import (
    ApplyTask,
    apply_workloads,
)

WEB = {"name": "web", "image": "web:1"}


def test_a_task_declares_waits_and_removes(api, params):
    created = ApplyTask({**params, **WEB, "ports": [80]}).run()
    assert created["counts"] == {"created": 2} and created["apps"][0]["name"] == "web"
    assert not ApplyTask({**params, **WEB, "ports": [80]}).run()["changed"]
    removed = ApplyTask({**params, "name": "web", "state": "absent"}).run()
    assert removed["counts"] == {"deleted": 2} and not api.get("deployments", "web")


def test_a_restart_rolls_an_unchanged_workload(params):
    ApplyTask({**params, **WEB}).run()
    result = ApplyTask({**params, **WEB, "state": "restarted"}).run()
    assert result["changed"] and result["restarted"] == ["Deployment default/web"]


def test_mistakes_are_reported_before_a_request(api, params):
    with pytest.raises(KubeError, match="image is missing"):
        ApplyTask({**params, "name": "web"}).run()
    assert api.log == []


def test_secrets_are_kept_out_of_the_result_of_a_failed_run(module_of):
    module = module_of(**WEB, namespace="missing", secrets={"password": "very-quiet"})
    with pytest.raises(KubeError):
        apply_workloads(module)
    assert "very-quiet" in module.no_log_values
