"""Tests of ``workload.selection``."""

from __future__ import annotations

import re

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    check_number,
    check_selection,
    names_in,
    resource_of,
    select_objects,
)

OPTIONS = {"kind": "ConfigMap", "namespace": "default", "all_namespaces": False}


@pytest.fixture
def select(api, cluster):
    for name, namespace in (("a", "default"), ("b", "default"), ("a", "shop")):
        metadata = {"name": name, "namespace": namespace, "labels": {"app": name}}
        api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})

    def select(**options):
        found, missing = select_objects(cluster.client, cluster.discovery, {**OPTIONS, **options})
        return [
            (obj["metadata"]["namespace"], obj["metadata"]["name"], obj["kind"]) for obj in found
        ], missing

    return select


def test_selectors_and_namespaces(select):
    assert select()[0] == [("default", "a", "ConfigMap"), ("default", "b", "ConfigMap")]
    assert select(label_selector="app=b")[0] == [("default", "b", "ConfigMap")]
    assert select(field_selector="metadata.name=a")[0] == [("default", "a", "ConfigMap")]
    assert ("shop", "a", "ConfigMap") in select(all_namespaces=True)[0]


def test_names_in_their_order_and_those_that_are_missing(select, api):
    found, missing = select(names=["c", "b", "a", "b"])
    assert [name for _, name, _ in found] == ["b", "a"]
    assert missing == [ObjectRef("v1", "ConfigMap", "default", "c")]


def test_an_empty_list_of_names_selects_nothing(select):
    assert select(names=[]) == ([], [])


def test_kinds_without_a_namespace_have_none_in_their_reference(select):
    assert select(kind="Namespace", name="x")[1] == [ObjectRef("v1", "Namespace", "", "x")]


@pytest.mark.parametrize("params", [{"name": ""}, {"names": ["a", ""]}])
def test_an_empty_name_is_an_error(params):
    with pytest.raises(KubeError, match="name: is empty"):
        names_in(params)


@pytest.mark.parametrize(
    ("version", "text"),
    [(None, "kind Certificate in v1; set api_version"), ("batch/v1", "batch/v1 has CronJob, Job")],
)
def test_an_unknown_kind_is_an_error(cluster, version, text):
    with pytest.raises(KubeError, match=text):
        resource_of(cluster.discovery, {"kind": "Certificate", "api_version": version})


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({}, "nothing is selected"),
        ({"label_selector": "  "}, "label_selector: is empty and would select every object"),
        ({"all": True, "names": ["a"]}, "takes no names"),
        ({"all": True, "all_namespaces": True}, "takes no names"),
        ({"names": [""]}, "name: is empty"),
    ],
)
def test_a_change_selects_its_objects_on_purpose(params, text):
    with pytest.raises(KubeError, match=text):
        check_selection({"all_namespaces": False, **params})
    check_selection({"all_namespaces": True, "field_selector": "metadata.name=a"})


def test_a_selector_has_a_limit_and_names_have_none():
    found = [{"metadata": {"name": name}} for name in "abc"]
    check_number(found, {"names": ["a", "b", "c"], "at_most": 2})
    check_number(found, {"label_selector": "x=y", "at_most": 3})
    with pytest.raises(KubeError, match="3 objects match"):
        check_number(found, {"label_selector": "x=y", "at_most": 2})


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("deployment", "did you mean Deployment?"),
        ("pods", "did you mean Pod?"),
        ("controllerrevisions", "did you mean ControllerRevision?"),
        ("Certificate", "set api_version"),
    ],
)
def test_a_kind_that_is_not_served_is_explained(discovery, kind, step):
    with pytest.raises(KubeError, match=re.escape(step)):
        resource_of(discovery, {"kind": kind})
