"""Tests of ``workload.steps.undeclared``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.preparation import prepare

AUTOSCALED = {
    "autoscale": {"min": 1, "max": 2, "cpu": 80},
    "resources": {"requests": {"cpu": "10m"}},
}


@pytest.fixture
def run(context_of):
    """Apply an application as the module does; return the kinds of the deleted objects."""

    def run(**options):
        context = context_of(name="web", image="web:1", **options)
        objects = context.declaration.placed(context.cluster.discovery)
        preparation = prepare(context, objects)
        context.result.collect(lambda: context.applier.apply(preparation.objects, preparation.live))
        preparation.undeclared.delete_opposing(preparation.objects)
        preparation.undeclared.delete_rest()
        return sorted(one.ref.kind for one in context.result.changes if one.action == "pruned")

    return run


def test_what_the_declaration_no_longer_has_is_deleted(api, run):
    run(ports=[80], config={"a": "b"}, **AUTOSCALED)
    assert run(ports=[80], replicas=3) == ["ConfigMap", "HorizontalPodAutoscaler"]
    assert api.get("horizontalpodautoscalers", "web") is None
    assert api.get("services", "web") is not None
    assert run(ports=[80], replicas=3) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda obj: obj["metadata"].update(annotations={"slipway/keep": "true"}),
        lambda obj: obj["metadata"].update(managedFields=[]),
        lambda obj: obj["metadata"].update(
            ownerReferences=[{"uid": "u", "kind": "X", "name": "x"}]
        ),
        lambda obj: obj["metadata"]["labels"].update({"applyset.kubernetes.io/part-of": "other"}),
        lambda obj: obj["metadata"].update(labels={"app.kubernetes.io/name": "web"}),
    ],
    ids=["marked", "of another manager", "owned", "of a set", "without our label"],
)
def test_what_is_not_surely_ours_stays(api, run, change):
    run(config={"a": "b"})
    change(api.objects[("configmaps", "default", "web")])
    assert run() == []
    assert api.get("configmaps", "web") is not None


def test_claims_stay(api, run):
    run(volumes=[{"name": "data", "mount": "/data", "size": "1Gi"}])
    assert run() == []


def test_an_application_of_another_kind_replaces_the_former_one(api, run):
    run()
    assert run(kind="StatefulSet") == ["Deployment"]
    assert api.get("statefulsets", "web") and not api.get("deployments", "web")


def test_a_stateful_set_that_deletes_its_claims_is_refused_before_anything_changes(api, run):
    run(kind="StatefulSet")
    policy = {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}}
    api.update("statefulsets", "web", lambda obj: obj["spec"].update(policy))
    with pytest.raises(KubeError, match="StatefulSet default/web: .* deletes its claims"):
        run()
    assert api.get("statefulsets", "web") and not api.get("deployments", "web")
    assert "StatefulSet" in run(remove_data=True)


def test_an_autoscaler_goes_with_the_stage_of_its_application(run, context_of):
    run(**AUTOSCALED)
    context = context_of(name="web", image="web:1", replicas=2)
    objects = context.declaration.placed(context.cluster.discovery)
    undeclared = prepare(context, objects).undeclared
    undeclared.delete_opposing([{**objects[0], "metadata": {"name": "x", "namespace": "default"}}])
    assert context.result.changes == []
    undeclared.delete_opposing(objects)
    assert [one.ref.kind for one in context.result.changes] == ["HorizontalPodAutoscaler"]
