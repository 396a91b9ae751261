"""Tests of ``kube.apply.set_parent``."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import ApplySet
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.set_parent import (
    BUILT_IN,
    ID,
    IS_PARENT,
    KINDS,
    TOOLING,
    find_parent,
    parent_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

CUSTOM = "widgets.example.com/shop"
MEMBER = ObjectRef("v1", "ConfigMap", "shop", "a")


@pytest.fixture
def define(api):
    """Install the definition of the kind Widget, which the API server of the tests serves."""
    api.put("namespaces", {"metadata": {"name": "shop"}})

    def definition(**labels):
        api.put(
            "customresourcedefinitions",
            {
                "kind": "CustomResourceDefinition",
                "metadata": {"name": "widgets.example.com", "labels": labels},
            },
        )

    return definition


@pytest.mark.parametrize(
    ("text", "parent"),
    [
        ("web", ("secrets", "", "web")),
        ("secret/web", ("secrets", "", "web")),
        ("configmaps/web", ("configmaps", "", "web")),
        ("configmap/web", ("configmaps", "", "web")),
        (CUSTOM, ("widgets", "example.com", "shop")),
    ],
)
def test_a_parent_is_named_as_for_kubectl(text, parent):
    assert parent_of(text) == parent


@pytest.mark.parametrize(
    "text", ["", "configmaps/", "pods/web", "a/b/c", "widgets.example.com/", "a/widgets.b/c"]
)
def test_what_cannot_be_a_parent_is_refused(text):
    with pytest.raises(ValueError, match="configmaps/NAME"):
        parent_of(text)


def test_a_secret_costs_no_request(client, discovery, api):
    before = len(api.log)
    assert find_parent(client, discovery, "web", "shop") == (BUILT_IN["secrets"], "shop", "web")
    assert len(api.log) == before


def test_a_kind_that_is_not_served_is_named(client, discovery):
    with pytest.raises(KubeError, match="does not serve springs.example.com"):
        find_parent(client, discovery, "springs.example.com/shop", "shop")


def test_a_kind_that_was_not_made_for_sets_is_refused(client, discovery, define):
    define()
    with pytest.raises(KubeError, match=f"{IS_PARENT}=true"):
        find_parent(client, discovery, CUSTOM, "shop")


def test_the_parent_of_a_kind_without_namespaces_has_none(client, define):
    define(**{IS_PARENT: "true"})
    everywhere = Resource("example.com/v1", "Widget", "widgets", namespaced=False)
    resources = Mock(by_plural=Mock(return_value=everywhere))
    found = find_parent(client, resources, CUSTOM, "shop")
    assert (found.namespace, str(found)) == ("", "Widget shop")
    assert found.path == "/apis/example.com/v1/widgets/shop"


def test_a_custom_resource_is_not_created_and_its_owner_marks_it(api, client, discovery, define):
    define(**{IS_PARENT: "true"})
    record = ApplySet(client, discovery, CUSTOM, "shop")
    with pytest.raises(KubeError, match="Widget shop/shop does not exist; create it first"):
        record.read()
    widget = {"apiVersion": "example.com/v1", "kind": "Widget"}
    metadata = {"name": "shop", "namespace": "shop"}
    api.put("widgets", {**widget, "metadata": metadata, "spec": {"size": 1}})
    with pytest.raises(KubeError, match=f"kubectl label widgets.example.com shop .*{record.id}"):
        record.read()

    marks = {"labels": {ID: record.id}, "annotations": {TOOLING: "slipway/v1", KINDS: ""}}
    api.put("widgets", {**widget, "metadata": {**metadata, **marks}, "spec": {"size": 1}})
    record.read()
    assert record.widen_parent([MEMBER])
    stored = api.get("widgets", "shop", "shop")
    assert stored["metadata"]["annotations"][KINDS] == "ConfigMap"
    assert stored["spec"] == {"size": 1}
