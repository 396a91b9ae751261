"""Tests of ``workload.steps.scale_wait``."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.kube.ops.scale import Scaling
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.scale_wait import (
    judge_job,
    wait_for_numbers,
)

WIDGET = Scaling(ObjectRef("example.com/v1", "Widget", "default", "w"), 3, after=3)
COMPLETE = {"conditions": [{"type": "Complete", "status": "True"}]}


@pytest.fixture(autouse=True)
def widget(api):
    metadata = {"name": "w", "namespace": "default", "generation": 2}
    status = {"replicas": 3, "observedGeneration": 1}
    api.put("widgets", {"metadata": metadata, "spec": {"replicas": 3}, "status": status})


def test_the_number_is_reached_when_the_controller_has_seen_it(api, cluster):
    steps = [{"replicas": 1, "observedGeneration": 2}, {"replicas": 3, "observedGeneration": 2}]
    timers = [
        threading.Timer(0.2 * number, api.update, ("widgets", "w", lambda o, s=step: o.update(status=s)))
        for number, step in enumerate(steps, 1)
    ]  # fmt: skip
    for timer in timers:
        timer.start()
    (told,) = wait_for_numbers(cluster, [WIDGET], {})
    assert told["state"] == "3 of 3 pods exist" and told["seconds"] >= 0.3
    assert (told["kind"], told["name"]) == ("Widget", "w")


def test_an_observed_generation_may_be_text(api, cluster):
    status = {"replicas": 3, "observedGeneration": "2"}
    api.update("widgets", "w", lambda obj: obj.update(status=status))
    (told,) = wait_for_numbers(cluster, [WIDGET], {})
    assert told["state"] == "3 of 3 pods exist"


def test_the_state_is_named_at_the_deadline(api, cluster):
    with pytest.raises(
        KubeError, match="does not have 3 pods.*waiting for the controller"
    ) as caught:
        wait_for_numbers(cluster.within(0.3), [WIDGET], {"changed": True})
    assert caught.value.result["changed"]


def test_a_number_of_another_client_ends_the_wait(api, cluster):
    api.update("widgets", "w", lambda obj: obj["spec"].update(replicas=9))
    with pytest.raises(KubeError, match="another client changed the number to 9"):
        wait_for_numbers(cluster, [WIDGET], {})


def test_a_deleted_workload_ends_the_wait(api, cluster):
    api.remove("widgets", "w")
    with pytest.raises(KubeError, match="was deleted while the task waited"):
        wait_for_numbers(cluster, [WIDGET], {})


@pytest.mark.parametrize(
    ("spec", "status", "done"),
    [
        ({"completions": 8}, {"active": 1}, False),
        ({"completions": 8}, {"active": 3}, True),
        ({"completions": 8, "suspend": True}, {}, True),
        ({"completions": 8}, {"active": 2, "succeeded": 6}, True),
        ({"completions": 8}, {"active": 1, "succeeded": 6}, False),
        ({"completions": 8}, COMPLETE, True),
        ({}, {"active": 2}, False),
        ({}, {"active": 2, "succeeded": 1}, True),
        ({"completions": 8}, {"active": 4}, False),
    ],
)
def test_pods_of_a_job(spec, status, done):
    assert judge_job({"spec": spec, "status": status}, 3).done == done
