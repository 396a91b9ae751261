from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.rollout_wait import (
    wait_for_rollout,
)
from support.objects import deployment


def test_the_outcome_of_each_workload_is_returned(api, cluster):
    web = api.put("deployments", deployment())
    cluster.discovery.load(["apps/v1"])
    (outcome,) = wait_for_rollout(cluster, [(ref_of(web), web)], {})
    assert outcome["name"] == "web"


def test_an_error_contains_the_result_so_far(api, cluster):
    api.reactions.clear()
    web = api.put("deployments", {**deployment(), "status": {}})
    cluster.discovery.load(["apps/v1"])
    with pytest.raises(WaitError) as caught:
        wait_for_rollout(cluster.within(0.5), [(ref_of(web), web)], {"changed": True})
    assert caught.value.result["changed"] is True
