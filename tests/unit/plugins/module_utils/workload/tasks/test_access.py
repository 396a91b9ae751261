"""Tests of ``workload.tasks.access``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.access import read_access


@pytest.fixture
def ask(api, module_of):
    asked = []

    def ask(*checks, require=False, namespace="shop"):
        return read_access(module_of(checks=list(checks), require=require, namespace=namespace))

    def may(spec):
        asked.append(spec)
        attributes = spec.get("resourceAttributes") or {}
        return attributes.get("verb") != "delete"

    api.may = may
    ask.asked = asked
    return ask


@pytest.mark.parametrize(
    ("check", "attributes", "text"),
    [
        ({"kind": "Deployment"}, ("apps", "deployments", "", "shop"), "get deployments.apps in shop"),
        ({"kind": "Node"}, ("", "nodes", "", ""), "get nodes"),
        ({"kind": "Widget", "api_version": "example.com/v1"}, ("example.com", "widgets", "", "shop"),
         "get widgets.example.com in shop"),
        ({"resource": "pods/log"}, ("", "pods", "log", "shop"), "get pods/log in shop"),
        ({"resource": "deployments", "subresource": "scale", "name": "web"},
         ("apps", "deployments", "scale", "shop"), "get deployments.apps/scale web in shop"),
        ({"resource": "widgets.example.com", "namespace": ""}, ("example.com", "widgets", "", ""),
         "get widgets.example.com in all namespaces"),
        ({"resource": "widgets", "group": "example.com", "namespace": "x"},
         ("example.com", "widgets", "", "x"), "get widgets.example.com in x"),
        ({"resource": "namespaces"}, ("", "namespaces", "", ""), "get namespaces"),
        ({"resource": "users", "group": ""}, ("", "users", "", "shop"), "get users in shop"),
        ({"resource": "*", "group": "*"}, ("*", "*", "", "shop"), "get *.* in shop"),
    ],
)  # fmt: skip
def test_questions(ask, check, attributes, text):
    (told,) = ask({"verb": "get", **check})["checks"]
    names = ("group", "resource", "subresource", "namespace")
    (spec,) = ask.asked
    assert tuple(spec["resourceAttributes"][name] for name in names) == attributes
    assert (told["text"], told["allowed"]) == (text, True)


def test_a_path_is_no_resource(ask):
    assert ask({"verb": "get", "path": "/metrics"})["checks"][0]["text"] == "get /metrics"
    assert ask.asked == [{"nonResourceAttributes": {"verb": "get", "path": "/metrics"}}]


def test_missing_rights_are_listed_and_may_be_required(ask):
    checks = [{"verb": verb, "kind": "Pod"} for verb in ("get", "delete")]
    result = ask(*checks)
    assert not result["allowed"] and result["missing"] == ["delete pods in shop"]
    with pytest.raises(KubeError, match="the account may not: delete pods in shop") as caught:
        ask(*checks, require=True)
    assert len(caught.value.result["checks"]) == 2
    assert ask(checks[0], require=True)["allowed"]


def test_a_lost_answer_is_asked_again(api, ask):
    def lose(method, path):
        if method == "POST":
            api.losses.clear()
            raise ConnectionAbortedError

    api.losses.append(lose)
    assert ask({"verb": "get", "kind": "Pod"})["allowed"]


@pytest.mark.parametrize(
    ("checks", "text"),
    [
        ([], "checks: is empty"),
        ([{"verb": "get"}], r"checks\[0\]: needs exactly one of kind, resource and path"),
        ([{"verb": "get", "kind": "Pod", "path": "/x"}], "needs exactly one"),
        ([{"verb": "get", "kind": "Pod", "group": "x"}], "group: belongs to resource"),
        (
            [{"verb": "get", "resource": "pods", "api_version": "v1"}],
            "api_version: belongs to kind",
        ),
    ],
)
def test_mistakes_are_reported_before_a_request(api, ask, checks, text):
    with pytest.raises(KubeError, match=text):
        ask(*checks)
    assert api.log == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (
            {"resource": "things"},
            "the group of the resource things is not known; write things.GROUP",
        ),
        ({"kind": "Thing"}, "unknown kind Thing"),
    ],
)
def test_an_unknown_resource_is_an_error(ask, check, text):
    with pytest.raises(KubeError, match=text):
        ask({"verb": "get", **check})
