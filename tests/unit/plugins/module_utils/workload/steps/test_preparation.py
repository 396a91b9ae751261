from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.preparation import prepare


def test_live_objects_are_read_and_their_secrets_hidden(apply, context_of):
    apply(secrets={"password": "quiet"})
    context = context_of(name="web", image="web:2", secrets={"password": "new"})
    objects = context.declaration.placed(context.cluster.discovery)
    preparation = prepare(context, objects)
    assert sorted(ref.kind for ref in preparation.live) == ["Deployment", "Secret"]
    assert preparation.objects == objects
    assert "quiet" in context.result.secrets


def test_missing_namespaces_come_first_when_the_task_creates_them(context_of):
    for create, kinds in ((True, ["Namespace", "Deployment"]), (False, ["Deployment"])):
        context = context_of(name="web", image="x", namespace="shop", create_namespace=create)
        objects = context.declaration.placed(context.cluster.discovery)
        assert [obj["kind"] for obj in prepare(context, objects).objects] == kinds


def test_a_kind_that_is_not_served_stops_the_task(api, context_of):
    manifest = {"apiVersion": "nope.io/v1", "kind": "Nope", "metadata": {"name": "x"}}
    context = context_of(manifests=[manifest])
    with pytest.raises(KubeError, match="does not serve nope.io/v1"):
        prepare(context, context.declaration.placed(context.cluster.discovery))
    assert not api.writes
