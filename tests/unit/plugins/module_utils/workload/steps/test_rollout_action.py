from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.rollout_action import (
    act_on_rollout,
    wait_until_noticed,
    wait_until_observed,
)
from support.kube_fake import Refused
from support.objects import deployment, pod


@pytest.fixture
def web(api, cluster):
    cluster.discovery.load(["apps/v1"])
    return api.put("deployments", deployment())


def test_a_rollout_is_paused_and_resumed(cluster, web):
    paused = act_on_rollout(cluster, {"action": "pause"}, web)
    assert paused["spec"]["paused"] is True
    resumed = act_on_rollout(cluster, {"action": "resume"}, paused)
    assert not resumed["spec"].get("paused")


def test_a_restart_changes_the_template(cluster, web):
    restarted = act_on_rollout(cluster, {"action": "restart"}, web)
    assert restarted["spec"]["template"] != web["spec"]["template"]


def test_a_paused_rollout_is_not_restarted(api, cluster, web):
    web["spec"]["paused"] = True
    with pytest.raises(KubeError, match="the rollout is paused; resume it first"):
        act_on_rollout(cluster, {"action": "restart"}, web)
    assert not api.writes


@pytest.mark.parametrize("action", ["status", "history"])
def test_actions_that_read_change_nothing(api, cluster, web, action):
    assert act_on_rollout(cluster, {"action": action}, web) is web
    assert not api.writes


def test_an_undo_waits_for_the_controller(cluster, web):
    assert wait_until_observed(cluster, web) is web
    unobserved = {**web, "metadata": {**web["metadata"], "generation": 2}}
    assert wait_until_observed(cluster, unobserved)["metadata"]["generation"] == 1


def test_a_status_that_counts_a_deleted_pod_is_not_believed(api, cluster):
    cluster.discovery.load(["apps/v1"])
    api.reactions.clear()
    web = api.put("deployments", deployment(replicas=2))
    api.put("pods", pod("web-1"))
    ending = {"deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": ["test/stay"]}
    api.put("pods", pod("web-2", **ending))

    def notice(live):
        live["status"]["readyReplicas"] = 1

    threading.Timer(0.3, api.update, ("deployments", "web", notice)).start()
    assert wait_until_noticed(cluster, web)["status"]["readyReplicas"] == 1


def test_a_status_is_believed_whose_pods_are_there(api, cluster, web):
    api.put("pods", pod())
    assert wait_until_noticed(cluster, web) is web


def test_an_account_without_a_right_to_pods_gets_the_status(api, cluster, web):

    def refuse(method, path):
        if "/pods" in path:
            raise Refused(403, "Forbidden", "no pods")

    api.faults.append(refuse)
    assert wait_until_noticed(cluster, web) is web
