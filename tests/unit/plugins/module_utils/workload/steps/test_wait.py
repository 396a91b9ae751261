from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.wait import (
    wait_for_rollouts,
)
from support.kube_fake import Refused


def test_applied_objects_are_rolled_out(apply):
    context = apply(ports=[80])
    wait_for_rollouts(context, context.result.changes, "rolled_out")
    (entry,) = context.result.fields["apps"]
    assert (entry["kind"], entry["name"], entry["answers"]) == ("Deployment", "web", [])
    assert context.result.fields["waited"]["for"] == "rolled_out"


def test_a_serving_application_answers_through_its_service(api, apply):
    path = "/api/v1/namespaces/default/services/web%3Atcp-80/proxy/"
    api.answers[path] = lambda: (200, b"hi")
    context = apply(ports=[80])
    apply(name="other", ports=[81])
    wait_for_rollouts(context, context.result.changes, "serving")
    (entry,) = context.result.fields["apps"]
    assert entry["answers"] == ["Service default/web/ answered 200"]


@pytest.mark.parametrize("goal", ["none", "applied"])
def test_other_goals_need_no_wait(apply, goal):
    context = apply()
    wait_for_rollouts(context, context.result.changes, goal)
    assert context.result.fields == {}


@pytest.mark.slow
def test_a_failed_wait_is_reported_with_its_duration(api, apply):
    api.reactions.clear()
    context = apply(wait_timeout=1)
    with pytest.raises(WaitError, match="not ready after 1 s"):
        wait_for_rollouts(context, context.result.changes, "rolled_out")
    assert context.result.fields["waited"]["seconds"] >= 0.5


def test_waits_of_several_stages_add_up(apply):
    context = apply()
    wait_for_rollouts(context, context.result.changes, "rolled_out")
    first = context.result.fields["waited"]["seconds"]
    wait_for_rollouts(context, context.result.changes, "serving")
    assert [entry["name"] for entry in context.result.fields["apps"]] == ["web", "web"]
    assert context.result.fields["waited"]["for"] == "serving"
    assert context.result.fields["waited"]["seconds"] >= first


SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "front"},
    "spec": {"selector": {"app.kubernetes.io/name": "web"}, "ports": [{"port": 80}]},
}


@pytest.mark.slow
@pytest.mark.parametrize(("declares_pods", "waits"), [(True, False), (False, True)])
def test_a_service_waits_with_the_pods_that_the_task_declares(api, apply, declares_pods, waits):
    pods = {} if declares_pods else {"name": None, "image": None}
    context = apply(manifests=[SERVICE], wait_timeout=1, **pods)
    services = [change for change in context.result.changes if change.ref.kind == "Service"]
    if waits:
        with pytest.raises(WaitError, match="front"):
            wait_for_rollouts(context, services, "serving")
    else:
        wait_for_rollouts(context, services, "serving")


@pytest.mark.slow
def test_the_url_of_an_application_without_a_service_is_asked(api, apply):
    url = f"{api.url}/hello"
    status = [503]
    api.answers["/hello"] = lambda: (status[0], b"hi")
    context = apply(serve={"url": url}, wait_timeout=1)
    with pytest.raises(WaitError, match=f"{url} answered 503"):
        wait_for_rollouts(context, context.result.changes, "serving")
    status[0] = 200
    context = apply(serve={"url": url})
    wait_for_rollouts(context, context.result.changes, "serving")
    (entry,) = context.result.fields["apps"]
    assert entry["answers"] == [f"{url} answered 200"]


def says(kind, status, message="", reason=""):
    return {"type": kind, "status": status, "message": message, "reason": reason}


@pytest.fixture
def widgets(api, apply):
    """Return a function that applies custom resources for which their controller has reported a condition each."""

    def run(**conditions):
        objects = [
            {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name}}
            for name in conditions
        ]
        apply(manifests=objects)
        for name, one in conditions.items():
            report(api, name, one)
        return apply(manifests=objects, wait_timeout=2)

    return run


def report(api, name, condition):
    status = {"observedGeneration": 1, "conditions": [condition]}
    api.update("widgets", name, lambda one: one.update(status=status))


@pytest.mark.slow
def test_a_custom_resource_that_is_not_ready_is_waited_for(api, widgets):
    context = widgets(good=says("Ready", "True"), bad=says("Ready", "False", "no disk"))
    with pytest.raises(WaitError, match="Timeout.*no disk") as caught:
        wait_for_rollouts(context, context.result.changes, "rolled_out")
    assert [failure["name"] for failure in caught.value.failures] == ["bad"]

    context = widgets(good=says("Ready", "True"), bad=says("Ready", "False", "no disk"))
    threading.Timer(0.5, report, (api, "bad", says("Ready", "True"))).start()
    wait_for_rollouts(context, context.result.changes, "rolled_out")
    assert context.result.fields["waited"]["seconds"] >= 0.4
    assert [entry["kind"] for entry in context.result.fields["apps"]] == ["Deployment"]


def test_a_stalled_custom_resource_fails_at_once(widgets):
    context = widgets(bad=says("Stalled", "True", "no chart", "BadSource"))
    with pytest.raises(WaitError, match="BadSource: no chart"):
        wait_for_rollouts(context, context.result.changes, "rolled_out")
    assert context.result.fields["waited"]["seconds"] < 1.5


def test_a_custom_resource_that_may_not_be_watched_is_a_warning(api, widgets):
    def refuse(method, path):
        if "/widgets" in path and "fieldSelector" in path:
            raise Refused(403, "Forbidden", "no watch")

    api.faults.append(refuse)
    context = widgets(bad=says("Ready", "False"))
    wait_for_rollouts(context, context.result.changes, "rolled_out")
    assert "Widget cannot be watched" in str(context.result.fields["warnings"])


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "waits"), [("Immediate", True), ("WaitForFirstConsumer", False)])
def test_a_claim_is_waited_for_unless_it_waits_for_its_pod(api, apply, mode, waits):
    api.put("storageclasses", {"metadata": {"name": "disk"}, "volumeBindingMode": mode})
    api.reactions.clear()
    spec = {"storageClassName": "disk"}
    obj = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}}
    alone = {"name": None, "image": None, "wait_timeout": 1}
    context = apply(manifests=[{**obj, "spec": spec}], **alone)
    if waits:
        with pytest.raises(WaitError, match="data: Timeout .*: it has no volume yet"):
            wait_for_rollouts(context, context.result.changes, "rolled_out")
    else:
        wait_for_rollouts(context, context.result.changes, "rolled_out")
