"""Tests of ``kube.apply.ordering``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ApplyError,
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.ordering import (
    run_waves,
    waves,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of


def manifest(kind, name="x"):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "default"}}


OBJECTS = [manifest("Deployment"), manifest("Namespace"), manifest("ConfigMap")]


def test_objects_are_grouped_in_the_order_of_creation():
    order = [[obj["kind"] for obj in wave] for wave in waves(OBJECTS, ref_of)]
    assert order[0] == ["Namespace"] and order[-1] == ["Deployment"]
    assert waves(OBJECTS, ref_of, backwards=True)[0][0]["kind"] == "Deployment"


def test_a_refusal_ends_the_later_waves(client):
    def work(obj):
        if obj["kind"] == "ConfigMap":
            raise KubeError("no")
        return ObjectChange(ref_of(obj), "created")

    seen = []
    with pytest.raises(ApplyError, match="ConfigMap default/x: no") as caught:
        for changes in run_waves(client, work, OBJECTS):
            seen += changes
    assert [change.ref.kind for change in seen] == ["Namespace"]
    assert [change.ref.kind for change in caught.value.done] == ["Namespace"]
    assert caught.value.result["errors"][0]["kind"] == "ConfigMap"


def test_items_without_a_change_are_left_out(client):
    assert [list(made) for made in run_waves(client, lambda obj: None, OBJECTS)] == [[], [], []]
