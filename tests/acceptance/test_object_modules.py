"""The modules for objects of any kind on a real cluster."""

from __future__ import annotations

import pytest

DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "queues.slipway-test.example.com"},
    "spec": {
        "group": "slipway-test.example.com",
        "scope": "Namespaced",
        "names": {"kind": "Queue", "plural": "queues", "singular": "queue"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "subresources": {
                    "status": {},
                    "scale": {
                        "specReplicasPath": ".spec.replicas",
                        "statusReplicasPath": ".status.replicas",
                    },
                },
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            part: {
                                "type": "object",
                                "properties": {"replicas": {"type": "integer"}},
                            }
                            for part in ("spec", "status")
                        },
                    }
                },
            }
        ],
    },
}
QUEUE = {"api_version": "slipway-test.example.com/v1", "kind": "Queue"}


def good(result):
    assert not result.get("failed"), result.get("msg")
    return result


@pytest.fixture
def config_map(run):
    manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "labels": {"team": "a"}},
        "data": {"mode": "slow"},
    }
    good(run("workload", manifests=[manifest]))
    return {"kind": "ConfigMap", "name": "settings"}


@pytest.fixture
def queues(run):
    """A custom kind that can be scaled, and an object of it."""
    manifest = {
        "apiVersion": QUEUE["api_version"],
        "kind": "Queue",
        "metadata": {"name": "orders"},
        "spec": {"replicas": 1},
    }
    good(run("workload", manifests=[DEFINITION, manifest]))
    yield
    definition = {"kind": "CustomResourceDefinition", "name": DEFINITION["metadata"]["name"]}
    good(run("objects_delete", **definition, remove_data=True))


def test_patches_take_effect_once(run, config_map):
    patches = (
        {"patch": {"data": {"mode": "fast"}}},
        {"patch": {"data": {"level": "1"}}, "type": "strategic"},
        {"patch": [{"op": "replace", "path": "/data/mode", "value": "slow"}]},
        {"patch": {"data": {"other": "2"}}, "type": "apply"},
    )
    for options in patches:
        predicted = good(run("objects_patch", check=True, **config_map, **options))
        done = good(run("objects_patch", **config_map, **options))
        again = good(run("objects_patch", **config_map, **options))
        assert predicted["objects"][0]["changes"] == done["objects"][0]["changes"], options
        assert (predicted["changed"], done["changed"], again["changed"]) == (True, True, False)
    version = done["objects"][0]["resource_version"]
    patch = {"data": {"mode": "new"}}
    refused = run("objects_patch", **config_map, patch=patch, resource_version="1")
    assert refused["failed"] and f"but it has {version}" in refused["msg"]


def test_a_failed_test_and_an_unknown_field_are_explained(run, config_map):
    test = {"op": "test", "path": "/data/mode", "value": "fast"}
    refused = run("objects_patch", **config_map, patch=[test])
    assert refused["failed"] and "expected 'fast', but it is 'slow'" in refused["msg"]
    refused = run("objects_patch", **config_map, patch={"dat": {"mode": "fast"}})
    assert refused["failed"] and 'unknown field "dat"' in refused["msg"]


def test_a_custom_kind_is_scaled_and_its_status_patched(run, queues):
    named = {**QUEUE, "name": "orders"}
    scaled = run("workload_scale", **named, replicas=3, wait_timeout=2)
    assert scaled["failed"] and "0 of 3 pods exist" in scaled["msg"]
    patch = {"status": {"replicas": 3}}
    done = good(run("objects_patch", **named, subresource="status", patch=patch))
    assert [one["field"] for one in done["objects"][0]["changes"]] == ["status"]
    (told,) = good(run("workload_scale", **named, replicas=3))["workloads"]
    assert told["state"] == "3 of 3 pods exist"
    refused = run("workload_scale", kind="DaemonSet", name="x", replicas=1)
    assert refused["failed"] and "serves no scale subresource" in refused["msg"]


def test_a_definition_with_objects_is_not_deleted(run, queues):
    name = DEFINITION["metadata"]["name"]
    refused = run("objects_delete", kind="CustomResourceDefinition", name=name)
    assert refused["failed"] and "objects of the kind Queue" in refused["msg"]


def test_objects_are_deleted_by_selector(run, config_map):
    refused = run("objects_delete", kind="ConfigMap", label_selector="team=a", at_most=0)
    assert refused["failed"]
    assert good(run("objects_delete", check=True, kind="ConfigMap", label_selector="team=a"))
    done = good(run("objects_delete", kind="ConfigMap", label_selector="team=a"))
    assert [one["name"] for one in done["objects"]] == ["settings"]
    assert not good(run("objects_delete", kind="ConfigMap", label_selector="team=a"))["changed"]


def test_a_finalizer_that_holds_an_object_is_named(run, config_map):
    hold = {"metadata": {"finalizers": ["slipway-test.example.com/hold"]}}
    good(run("objects_patch", **config_map, patch=hold))
    held = run("objects_delete", **config_map, wait_timeout=2)
    assert held["failed"] and "finalizers slipway-test.example.com/hold" in held["msg"]
    good(run("objects_patch", **config_map, patch={"metadata": {"finalizers": None}}))
    assert not good(run("objects_delete", **config_map))["changed"]


def test_an_object_is_created_on_each_run(run):
    definition = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "run-"}}
    names = {good(run("object_create", definition=definition))["name"] for _ in range(2)}
    assert len(names) == 2
    assert good(run("object_create", check=True, definition=definition))["changed"]


def test_a_job_is_made_from_a_cron_job(run, client):
    container = {"name": "backup", "image": "example.com/backup:1"}
    pod = {"restartPolicy": "Never", "containers": [container]}
    manifest = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "backup"},
        "spec": {
            "schedule": "@yearly",
            "suspend": True,
            "jobTemplate": {"spec": {"suspend": True, "template": {"spec": pod}}},
        },
    }
    good(run("workload", manifests=[manifest], wait="applied"))
    made = good(run("object_create", from_cron_job="backup", wait=True, log_lines=0))
    assert made["state"] == "suspended"
    job = client.get(f"/apis/batch/v1/namespaces/{run.namespace}/jobs/{made['name']}")
    assert job["metadata"]["annotations"]["cronjob.kubernetes.io/instantiate"] == "manual"
    assert job["metadata"]["ownerReferences"][0]["name"] == "backup"


def test_rights_are_read(run):
    checks = [
        {"verb": "delete", "kind": "Deployment"},
        {"verb": "get", "resource": "pods/log"},
        {"verb": "get", "path": "/metrics"},
    ]
    assert good(run("access_info", checks=checks))["allowed"]
    told = run("access_info", checks=checks, impersonate_user="slipway-test-stranger", require=True)
    assert told["failed"] and len(told["missing"]) == 3
