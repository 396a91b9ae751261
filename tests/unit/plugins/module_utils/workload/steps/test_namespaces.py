from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.namespaces import (
    missing_namespaces,
)
from support.kube_fake import Refused


def config(namespace: str) -> dict:
    return {"kind": "ConfigMap", "metadata": {"name": "c", "namespace": namespace}}


def test_only_missing_namespaces_are_created(cluster):
    objects = [
        config("default"),
        config("b"),
        config("a"),
        {"kind": "Node", "metadata": {"name": "n"}},
    ]
    missing = missing_namespaces(cluster.client, objects, "shop")
    assert [obj["metadata"]["name"] for obj in missing] == ["a", "b", "shop"]


def test_created_namespaces_have_the_labels_of_the_task(cluster):
    (missing,) = missing_namespaces(cluster.client, [], "shop", {"team": "a"})
    assert missing["metadata"] == {"name": "shop", "labels": {"team": "a"}}


def test_a_declared_namespace_is_left_to_its_declaration(cluster):
    declared = {"kind": "Namespace", "metadata": {"name": "a"}}
    assert missing_namespaces(cluster.client, [declared, config("a")], "default") == []


def test_a_refused_read_is_an_error(api, cluster):
    def deny(method, path):
        raise Refused(403, "Forbidden", "namespaces is forbidden")

    api.faults.append(deny)
    with pytest.raises(KubeError, match="namespaces is forbidden"):
        missing_namespaces(cluster.client, [], "shop")
