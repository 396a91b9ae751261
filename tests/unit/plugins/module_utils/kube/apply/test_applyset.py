"""Tests of ``kube.apply.applyset``."""

from __future__ import annotations

import base64
import hashlib

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import (
    NAMESPACES,
    PART_OF,
    ApplySet,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.set_parent import (
    ID,
    KINDS,
    TOOLING,
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
        (None, "kubectl/v1.35", "is a set of kubectl/v1.35.*force: true"),
        (None, "slipwayish/v1", "is a set of slipwayish/v1"),
        (None, "", "is a set of an unnamed tool"),
        (None, "slipway/v1", f"set the annotation {KINDS}"),
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


def test_the_set_of_another_tool_is_taken_over_on_request(api, record):
    recorded = {TOOLING: "kubectl/v1.35", KINDS: "ConfigMap", NAMESPACES: "other"}
    metadata = {"name": "web", "labels": {ID: record.id}, "annotations": recorded}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {**metadata, "namespace": "shop"}}
    api.put("secrets", secret)
    objects = [config("a"), config("b", "other")]
    record.label(objects)
    for obj in objects:
        api.put("configmaps", obj)
    record.read(takes_over=True)
    assert record.widen_parent([ref_of(objects[0])])
    assert annotations(api) == {**recorded, TOOLING: "slipway/v1"}
    found = record.prune_candidates([ref_of(objects[0])])
    assert list(found) == [ObjectRef("v1", "ConfigMap", "other", "b")]


def test_a_config_map_records_a_set(api, client, discovery):
    api.put("namespaces", {"metadata": {"name": "shop"}})
    record = ApplySet(client, discovery, "configmaps/web", "shop")
    record.read()
    record.widen_parent([ref_of(config("a"))])
    assert api.get("configmaps", "web", "shop")["metadata"]["labels"] == {ID: record.id}
    # the id that kubectl computes for the same parent
    digest = hashlib.sha256(b"web.shop.ConfigMap.").digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") in record.id


def test_an_object_of_another_set_is_refused_with_the_name_of_the_set(record, client, discovery):
    other = ApplySet(client, discovery, "configmaps/other", "shop")
    other.widen_parent([ref_of(config("a"))])
    obj = config("a")
    other.label([obj])
    with pytest.raises(KubeError, match="belongs to the applyset other"):
        record.check_members({ref_of(obj): obj})


def test_copies_of_labels_are_no_members(api, record):
    owner = {"apiVersion": "v1", "kind": "Service", "name": "web", "uid": "1", "controller": True}
    copied = config("copied")
    record.label([copied])
    copied["metadata"]["ownerReferences"] = [owner]
    api.put("configmaps", copied)
    record.widen_parent([ref_of(copied)])
    assert record.prune_candidates([]) == {}
