"""Contracts of the modules for objects of any kind: real requests to a fake API server."""

from __future__ import annotations

import json

import pytest

from support.kube_fake import FakeApi, instant_rollout
from support.module_runner import run_module
from support.objects import deployment


@pytest.fixture
def api():
    with FakeApi() as fake:
        fake.reactions.append(instant_rollout)
        yield fake


@pytest.fixture
def run(api):
    return lambda module, **options: run_module(module, host=api.url, **options)


def test_patches_of_each_type(api, run):
    api.put("deployments", deployment())
    web = {"kind": "Deployment", "name": "web"}
    for options in (
        {"patch": {"spec": {"replicas": 2}}},
        {"patch": {"spec": {"replicas": 3}}, "type": "strategic"},
        {"patch": [{"op": "replace", "path": "/spec/replicas", "value": 4}]},
        {"patch": {"spec": {"replicas": 5}}, "type": "apply", "force": True},
        {"patch": {"spec": {"replicas": 6}}, "subresource": "scale"},
    ):
        predicted = run("objects_patch", check=True, **web, **options)
        done = run("objects_patch", **web, **options)
        again = run("objects_patch", **web, **options)
        assert predicted["objects"][0]["changes"] == done["objects"][0]["changes"], options
        assert (predicted["changed"], done["changed"], again["changed"]) == (True, True, False)
    assert api.get("deployments", "web")["spec"]["replicas"] == 6


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"patch": {"a": 1}}, "one of the following is required: name, names, label_selector"),
        ({"patch": {"a": 1}, "name": "a", "names": ["b"]}, "mutually exclusive"),
        ({"patch": {"a": 1}, "name": "a", "all_namespaces": True}, "mutually exclusive"),
        ({"name": "a"}, "missing required arguments: patch"),
        ({"patch": {"a": 1}, "name": ""}, "name: is empty"),
    ],
)
def test_a_patch_with_a_mistake_changes_nothing(api, run, options, text):
    result = run("objects_patch", kind="ConfigMap", **options)
    assert result["failed"] and text in result["msg"]
    assert not api.writes


def test_a_patched_secret_is_nowhere_in_the_output(api, run):
    metadata = {"name": "s", "namespace": "default"}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {"key": "b2xk"}}
    api.put("secrets", secret)
    result = run(
        "objects_patch", diff=True, kind="Secret", name="s", patch={"data": {"key": "Y2FuYXJ5"}}
    )
    assert result["changed"] and result["diff"]
    assert "Y2FuYXJ5" not in json.dumps(result) and "b2xk" not in json.dumps(result)
