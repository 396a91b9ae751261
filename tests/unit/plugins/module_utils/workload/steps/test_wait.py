from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.wait import wait_for_goal


def test_applied_objects_are_rolled_out(apply):
    context = apply(ports=[80])
    wait_for_goal(context)
    (entry,) = context.result.fields["apps"]
    assert (entry["kind"], entry["name"], entry["answers"]) == ("Deployment", "web", [])
    assert context.result.fields["waited"]["for"] == "rolled_out"


def test_a_serving_application_answers_through_its_service(api, apply):
    path = "/api/v1/namespaces/default/services/web%3Atcp-80/proxy/"
    api.answers[path] = lambda: (200, b"hi")
    context = apply(ports=[80], wait="serving")
    apply(name="other", ports=[81])
    wait_for_goal(context)
    (entry,) = context.result.fields["apps"]
    assert entry["answers"] == ["Service default/web/ answered 200"]


@pytest.mark.parametrize("goal", ["none", "applied"])
def test_other_goals_need_no_wait(apply, goal):
    context = apply(wait=goal)
    wait_for_goal(context)
    assert context.result.fields == {}


def test_a_failed_wait_is_reported_with_its_duration(api, apply):
    api.reactions.clear()
    context = apply(wait_timeout=1)
    with pytest.raises(WaitError, match="not ready after 1 s"):
        wait_for_goal(context)
    assert context.result.fields["waited"]["seconds"] >= 0.5
