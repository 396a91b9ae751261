"""Tests of ``workload.tasks.objects``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.objects import read_objects

OPTIONS = {
    "api_version": None, "name": None, "namespace": "default", "all_namespaces": False,
    "label_selector": None, "field_selector": None, "show_secrets": False,
}  # fmt: skip


@pytest.fixture
def read(api, module_of):
    for name, namespace in (("a", "default"), ("b", "default"), ("a", "shop")):
        labels = {"app": name}
        metadata = {"name": name, "namespace": namespace, "labels": labels, "managedFields": [{}]}
        api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    notes = {"kubectl.kubernetes.io/last-applied-configuration": "topsecret"}
    metadata = {"name": "s", "namespace": "default", "annotations": notes}
    data = {"password": "topsecret"}
    api.put("secrets", {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data})
    return lambda **options: read_objects(module_of(**{**OPTIONS, **options}))["objects"]


def names(objects):
    return [(obj["metadata"]["namespace"], obj["metadata"]["name"]) for obj in objects]


def test_one_and_all_and_those_of_all_namespaces(read):
    assert names(read(kind="ConfigMap", name="b")) == [("default", "b")]
    assert read(kind="ConfigMap", name="none") == []
    assert names(read(kind="ConfigMap")) == [("default", "a"), ("default", "b")]
    assert ("shop", "a") in names(read(kind="ConfigMap", all_namespaces=True))
    assert names(read(kind="ConfigMap", label_selector="app=b")) == [("default", "b")]


def test_objects_are_whole_and_without_the_record_of_owners(read):
    (obj,) = read(kind="ConfigMap", name="b")
    assert (obj["apiVersion"], obj["kind"]) == ("v1", "ConfigMap")
    assert "managedFields" not in obj["metadata"]


def test_secrets_are_hidden_unless_asked_for(read):
    assert "topsecret" not in str(read(kind="Secret"))
    assert read(kind="Secret", show_secrets=True)[0]["data"] == {"password": "topsecret"}


def test_an_unknown_kind_is_named(read):
    with pytest.raises(KubeError, match="kind Certificate in v1; set api_version"):
        read(kind="Certificate")


def test_only_the_named_fields_are_returned(read):
    (obj,) = read(kind="ConfigMap", names=["b"], fields=["metadata.labels.app"])
    metadata = {"name": "b", "namespace": "default", "labels": {"app": "b"}}
    assert obj == {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    hidden = read(kind="Secret", fields=["data"])
    assert hidden[0]["data"] == {"password": "(hidden)"}
