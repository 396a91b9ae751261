"""Contracts of the modules for objects of any kind: real requests to a fake API server."""

from __future__ import annotations

import json

import pytest

from support.module_runner import run_module
from support.objects import deployment


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
        ({"patch": {"a": 1}}, "nothing is selected; give name, names, label_selector"),
        ({"patch": {"a": 1}, "name": None}, "nothing is selected"),
        ({"patch": {"a": 1}, "label_selector": ""}, "label_selector: is empty"),
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


def config_map(name: str, **metadata) -> dict:
    metadata = {"name": name, "namespace": "default", "labels": {"team": "a"}, **metadata}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


def names(api, plural: str = "configmaps") -> list[str]:
    return sorted(name for kind, _, name in api.objects if kind == plural)


def test_objects_are_deleted_by_selector_with_proof(api, run):
    for name in ("one", "two"):
        api.put("configmaps", config_map(name))
    api.put("configmaps", config_map("kept", annotations={"slipway/keep": "true"}))
    api.put("configmaps", config_map("other", labels={"team": "b"}))
    options = {"kind": "ConfigMap", "label_selector": "team=a"}
    refused = run("objects_delete", **options, at_most=2)
    assert refused["failed"] and "3 objects match (kept, one, two, ...)" in refused["msg"]
    predicted = run("objects_delete", check=True, diff=True, **options)
    assert predicted["changed"] and not api.writes
    assert set(predicted["diff"]["before"]) == {"ConfigMap default/one", "ConfigMap default/two"}
    done = run("objects_delete", **options)
    assert [one["name"] for one in done["objects"]] == ["one", "two"]
    assert done["kept"] == ["ConfigMap default/kept"] and names(api) == ["kept", "other"]
    # The module sends the requests concurrently, so they can arrive in any order.
    uids = {one["preconditions"]["uid"] for one in api.deletions}
    assert uids == {one["uid"] for one in done["objects"]}
    assert not run("objects_delete", **options)["changed"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "nothing is selected"),
        ({"all": False}, "nothing is selected"),
        ({"name": None}, "nothing is selected"),
        ({"name": ""}, "name: is empty"),
        ({"label_selector": " "}, "label_selector: is empty"),
        ({"all": True, "label_selector": "team=a"}, "takes no names, selectors"),
        ({"all": True, "all_namespaces": True}, "takes no names, selectors"),
        ({"all": True, "kind": "Namespace"}, "is for kinds with a namespace"),
        ({"name": "one", "grace_period": -1}, "grace_period"),
        ({"name": "one", "label_selector": "team=a"}, "mutually exclusive"),
    ],
)
def test_a_deletion_with_a_mistake_deletes_nothing(api, run, options, text):
    api.put("configmaps", config_map("one"))
    result = run("objects_delete", **{"kind": "ConfigMap", **options})
    assert result["failed"] and text in result["msg"]
    assert names(api) == ["one"] and not api.writes


def test_all_objects_of_a_kind_in_a_namespace(api, run):
    for number in range(5):
        api.put("configmaps", config_map(f"c{number}"))
    api.put("configmaps", config_map("elsewhere", namespace="shop"))
    assert len(run("objects_delete", kind="ConfigMap", all=True)["objects"]) == 5
    assert names(api) == ["elsewhere"]


def test_an_object_is_created_on_each_run(api, run):
    definition = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "run-"}}
    first, second = (run("object_create", definition=definition) for _ in range(2))
    assert first["changed"] and second["changed"]
    assert names(api) == sorted([first["name"], second["name"]])
    assert run("object_create", check=True, definition=definition)["changed"]
    assert len(names(api)) == 2


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "one of the following is required: definition, from_cron_job"),
        ({"definition": {}, "from_cron_job": "a"}, "mutually exclusive"),
        ({"definition": {"kind": "Pod"}}, "definition.apiVersion: is needed"),
        ({"from_cron_job": "none"}, "CronJob default/none does not exist"),
    ],
)
def test_an_object_with_a_mistake_is_not_created(api, run, options, text):
    result = run("object_create", **options)
    assert result["failed"] and text in result["msg"]
    assert not api.writes


def test_rights_are_read_and_required(api, run):
    api.may = lambda spec: spec["resourceAttributes"]["resource"] != "secrets"
    checks = [{"verb": "get", "resource": "secrets"}, {"verb": "patch", "kind": "Deployment"}]
    told = run("access_info", namespace="shop", checks=checks)
    assert [one["allowed"] for one in told["checks"]] == [False, True] and not told["allowed"]
    refused = run("access_info", namespace="shop", checks=checks, require=True)
    assert refused["failed"] and refused["missing"] == ["get secrets in shop"]
    assert "the account may not: get secrets in shop" in refused["msg"]


def test_short_names_of_the_api_server_select_objects(api, run):
    for name in ("web", "queue"):
        api.put("deployments", deployment(name))
    found = run("objects_info", kind="deploy")
    assert found["objects"] == run("objects_info", kind="Deployment")["objects"] != []
    assert run("objects_info", kind="deploy", name="web")["objects"][0]["kind"] == "Deployment"
    refused = run("objects_info", kind="toy")
    assert (
        refused["failed"]
        and "Widget (example.com/v1) and Gadget (example.com/v1)" in refused["msg"]
    )
    assert run("objects_delete", kind="deploy", name="queue")["changed"]
    assert names(api, "deployments") == ["web"]
