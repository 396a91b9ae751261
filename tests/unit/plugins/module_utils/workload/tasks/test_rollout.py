from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.rollout import (
    RolloutTask,
    operate_rollout,
)
from support.kube_fake import Refused
from support.objects import deployment, pod

OPTIONS = {"name": "web", "namespace": "default", "to_revision": 0, "wait": True}


@pytest.fixture
def web(api):
    return api.put("deployments", deployment())


def task(params, action, **options) -> RolloutTask:
    return RolloutTask({**params, **OPTIONS, "action": action, **options})


def test_a_restart_waits_for_its_rollout(api, params, web):
    result = task(params, "restart").run()
    assert result["changed"] and result["status"]["done"]
    assert api.get("deployments", "web")["metadata"]["generation"] == 2


def test_a_restart_is_a_change_even_if_the_history_is_refused(api, params, web):
    def refuse(method, path):
        if "replicasets" in path:
            raise Refused(403, "Forbidden", "no history")

    api.faults.append(refuse)
    with pytest.raises(KubeError, match="no history") as caught:
        task(params, "restart").run()
    assert caught.value.result["changed"]


def test_a_status_changes_nothing(api, module_of, web):
    api.put("pods", pod())
    result = operate_rollout(module_of(**OPTIONS | {"action": "status"}))
    assert not result["changed"] and "diff" not in result and not api.writes


def test_check_mode_predicts_a_restart(api, params, web):
    options = {**params, **OPTIONS, "action": "restart"}
    assert RolloutTask(options, check=True).run()["changed"]
    assert not api.writes


def test_a_pause_does_not_wait(params, web):
    result = task(params, "pause").run()
    assert [change["field"] for change in result["changes"]] == ["spec.paused"]


def test_a_job_has_no_rollout(api, params):
    api.put("jobs", {**deployment(), "apiVersion": "batch/v1", "kind": "Job"})
    with pytest.raises(KubeError, match="a Job has no rollout"):
        task(params, "status").run()


def test_a_revision_is_not_negative(params):
    with pytest.raises(KubeError, match="to_revision: a number from 0"):
        task(params, "undo", to_revision=-1).run()
