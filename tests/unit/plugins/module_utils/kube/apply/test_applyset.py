"""Tests of ``kube.apply.applyset``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import (
    ID,
    KINDS,
    NAMESPACES,
    PART_OF,
    TOOLING,
    ApplySet,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of


def config(name, namespace="shop"):
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
    }


@pytest.fixture
def record(api, client, discovery):
    for name in ("shop", "other"):
        api.put("namespaces", {"metadata": {"name": name}})
    return ApplySet(client, discovery, "web", "shop")


def annotations(api):
    return api.get("secrets", "web", "shop")["metadata"]["annotations"]


def test_members_are_labelled_and_recorded_before_they_are_applied(api, record):
    objects = [config("a"), config("b", "other")]
    record.label(objects)
    assert all(obj["metadata"]["labels"] == {PART_OF: record.id} for obj in objects)
    record.read()
    keys = [ref_of(obj) for obj in objects]
    assert record.widen_parent(keys)
    assert not record.widen_parent(keys)
    assert annotations(api)[KINDS] == "ConfigMap"
    assert annotations(api)[NAMESPACES] == "other"
    assert annotations(api)[TOOLING].startswith("slipway/")


def test_only_members_that_are_no_longer_declared_are_pruned(api, record):
    objects = [config("a"), config("b")]
    record.label(objects)
    for obj in [*objects, config("foreign")]:
        api.put("configmaps", obj)
    record.widen_parent([ref_of(obj) for obj in objects])
    found = record.prune_candidates([ref_of(objects[0])])
    assert list(found) == [ObjectRef("v1", "ConfigMap", "shop", "b")]


def test_the_record_shrinks_after_pruning(api, record):
    service = ObjectRef("v1", "Service", "shop", "s")
    record.widen_parent([ref_of(config("a")), service])
    assert annotations(api)[KINDS] == "ConfigMap,Service"
    assert record.narrow_parent([service])
    assert annotations(api)[KINDS] == "Service"


@pytest.mark.parametrize(
    ("labels", "tool", "message"),
    [
        ({}, "slipway/v1", "exists and is not an ApplySet"),
        (None, "kubectl/v1.35", "belongs to kubectl/v1.35"),
    ],
)
def test_the_secret_of_another_tool_is_left_alone(api, record, labels, tool, message):
    labels = {ID: record.id} if labels is None else labels
    metadata = {
        "name": "web",
        "namespace": "shop",
        "labels": labels,
        "annotations": {TOOLING: tool},
    }
    api.put("secrets", {"metadata": metadata})
    with pytest.raises(KubeError, match=message):
        record.read()
