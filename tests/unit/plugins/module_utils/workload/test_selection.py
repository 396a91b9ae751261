"""Tests of ``workload.selection``."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize(
    ("kind", "version", "found"),
    [
        ("po", None, "Pod"),
        ("deploy", None, "Deployment"),
        ("deploy", "apps/v1", "Deployment"),
        ("wd", None, "Widget"),
    ],
)
def test_short_names_are_those_of_the_api_server(discovery, kind, version, found):
    assert resource_of(discovery, {"kind": kind, "api_version": version}).kind == found


def test_a_short_name_of_several_kinds_is_refused_with_them(discovery):
    text = "toy is a short name of Widget (example.com/v1) and Gadget (example.com/v1)"
    for version in (None, "example.com/v1"):
        with pytest.raises(KubeError, match=re.escape(text)):
            resource_of(discovery, {"kind": "toy", "api_version": version})


def test_a_kind_that_two_groups_serve_is_that_of_the_usual_one(api, discovery):
    event = {"name": "events", "kind": "Event", "namespaced": True, "shortNames": ["ev"]}
    group = {"preferredVersion": {"groupVersion": "events.k8s.io/v1"}}
    api.answers["/apis"] = lambda: (200, json.dumps({"groups": [group]}).encode())
    api.answers["/apis/events.k8s.io/v1"] = lambda: (
        200,
        json.dumps({"resources": [event]}).encode(),
    )
    assert len(discovery.by_short_name("ev")) == 2
    assert resource_of(discovery, {"kind": "ev"}).api_version == "v1"


def test_a_kind_with_capitals_is_not_looked_up_as_a_short_name(api, discovery):
    with pytest.raises(KubeError):
        resource_of(discovery, {"kind": "Certificate"})
    assert "/apis" not in [path for _, path, *_ in api.log]
