from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import ApplyError
from ansible_collections.slipway.lab.plugins.module_utils.kube.wait.errors import WaitError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.preparation import prepare
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.staging import (
    apply_in_stages,
)
from support.kube_fake import Refused

WEB = {"name": "web", "image": "web:1", "after": ["db"]}
DB = {"name": "db", "image": "db:1"}


@pytest.fixture
def run(context_of):
    """Return a function that applies the applications, and calls ``between`` when the task is prepared."""

    def run(check=False, context=None, **options):
        context = context or context_of(check, **{"apps": [WEB, DB], **options})
        preparation = prepare(context, context.declaration.placed(context.cluster.discovery))
        apply_in_stages(context, preparation)
        return context

    return run


def patched(api) -> list[str]:
    return [path.split("?")[0].rpartition("/")[2] for method, path in api.log if method == "PATCH"]


def test_a_later_stage_is_applied_when_the_earlier_one_is_rolled_out(api, run):
    rolled_out = []

    def look(method, path):
        if method == "PATCH" and "/web?" in path:
            rolled_out.append(api.get("deployments", "db")["status"]["availableReplicas"])

    api.faults.append(look)
    context = run()
    assert patched(api) == ["db", "web"] and rolled_out == [1]
    assert context.result.stages == [["Deployment default/db"], ["Deployment default/web"]]
    assert [entry["name"] for entry in context.result.fields["apps"]] == ["db", "web"]


@pytest.mark.parametrize("goal", ["none", "applied"])
def test_only_the_last_stage_is_not_waited_for(run, goal):
    context = run(wait=goal)
    assert [entry["name"] for entry in context.result.fields["apps"]] == ["db"]
    assert context.result.fields["waited"]["for"] == "rolled_out"


@pytest.mark.slow
def test_a_failed_stage_names_what_was_not_applied(api, context_of, run):
    api.broken.add("db:1")
    context = context_of(apps=[WEB, DB], wait_timeout=1)
    with pytest.raises(WaitError) as caught:
        run(context=context)
    text = "not applied, because they come later: Deployment default/web"
    assert str(caught.value).endswith(text)
    assert context.result.fields["not_applied"] == ["Deployment default/web"]
    assert patched(api) == ["db"]


def test_a_refused_object_stops_later_stages(api, run):
    def refuse(method, path):
        if method == "PATCH" and "/db?" in path:
            raise Refused(403, "Forbidden", "no")

    api.faults.append(refuse)
    with pytest.raises(ApplyError, match="not applied, because they come later"):
        run()
    assert "web" not in patched(api)


def test_check_mode_predicts_all_stages_without_a_wait(api, run):
    api.reactions.clear()
    context = run(check=True)
    assert [change.action for change in context.result.changes] == ["created", "created"]
    assert len(context.result.stages) == 1 and not api.writes


def test_unchanged_stages_are_read_once(api, run, context_of):
    run()
    before = len(api.log)
    context = context_of(apps=[WEB, DB])
    run(context=context)
    paths = [path for _, path in api.log[before:]]
    assert not context.result.is_changed
    assert len([path for path in paths if path.endswith("/deployments/web")]) == 1, "read once"
    assert context.cluster.client.writes == 0


def test_a_stage_sees_what_an_earlier_one_has_changed(api, run):
    config = {"name": "web", "image": "web:1", "config": {"a": "b"}, "after": ["db"]}
    run(apps=[config, DB])

    def spoil(fake, kind, obj):
        if obj.get("kind") == "Deployment" and obj["metadata"]["name"] == "db":
            fake.objects[("configmaps", "default", "web")]["data"] = {"a": "spoiled"}

    api.reactions.append(spoil)
    context = run(apps=[config, {**DB, "image": "db:2"}])
    actions = {
        change.ref.kind + change.ref.name: change.action for change in context.result.changes
    }
    assert actions["ConfigMapweb"] == "configured"
    assert api.get("configmaps", "web")["data"] == {"a": "b"}


def test_each_stage_restarts_its_own_workloads(run, context_of):
    run()
    context = run(state="restarted")
    assert context.result.fields["restarted"] == ["Deployment default/db", "Deployment default/web"]


def test_the_created_namespace_comes_first(api, run):
    early = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "early", "annotations": {"slipway/stage": "-1"}},
    }
    run(namespace="shop", create_namespace=True, manifests=[early])
    assert patched(api) == ["shop", "early", "db", "web"]
