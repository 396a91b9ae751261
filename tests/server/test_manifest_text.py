"""Manifests as text, numbers and values of a wrong form, and manifests that were exported from a cluster."""

from __future__ import annotations

import pytest


def test_numbers_in_a_manifest_are_those_of_kubectl(space):
    text = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1e0
  selector: {matchLabels: {1: a, on: b}}
  template:
    metadata: {labels: {1: a, on: b, commit: 1234e567}}
    spec:
      containers: [{name: web, image: "web:1"}]
      volumes: [{name: settings, configMap: {name: none, optional: true, defaultMode: 0o640}}]
"""
    space.declare(manifests=[text], wait="applied")
    spec = space.server.must("GET", f"{space.apps}/deployments/web")["spec"]
    assert spec["replicas"] == 1
    assert spec["template"]["spec"]["volumes"][0]["configMap"]["defaultMode"] == 0o640
    labels = spec["template"]["metadata"]["labels"]
    assert labels == {"1": "a", "true": "b", "commit": "1234e567"}
    assert not space.declare(manifests=[text], wait="applied")["changed"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"resources": {"requests": {"memory": "512MB"}}},
            "memory: '512MB' is not a valid quantity",
        ),
        ({"command": "/bin/sh"}, ".command: must be a list"),
        ({"ports": {"containerPort": 80}}, ".ports: must be a list"),
    ],
)
def test_a_value_of_a_wrong_form_is_named_with_its_place(space, options, told):
    spec = {"containers": [{"name": "web", "image": "web:1", **options}]}
    obj = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}
    result = space.run("workload", manifests=[obj], wait="applied")
    assert result["failed"] and told in result["msg"]


def test_an_export_of_an_object_that_is_being_deleted_is_a_whole_object(space):
    path = f"{space.core}/configmaps/held"
    held = {"name": "held", "finalizers": ["example.com/hold"]}
    space.server.must("POST", f"{space.core}/configmaps", {"metadata": held})
    space.server.must("DELETE", path)
    exported = space.server.must("GET", path)
    free = [{"op": "remove", "path": "/metadata/finalizers"}]
    space.server.must("PATCH", path, free, "application/json-patch+json")
    assert exported["metadata"]["deletionTimestamp"] and exported["metadata"].pop("finalizers")
    space.declare(manifests=[exported], wait="applied")
    assert "deletionTimestamp" not in space.server.must("GET", path)["metadata"]
    assert not space.declare(manifests=[exported], wait="applied")["changed"]


def test_an_exported_job_can_be_declared_in_another_namespace(space, new_space):
    container = {"name": "a", "image": "a:1"}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}}
    space.declare(manifests=[{**job, "spec": {"template": template}}], wait="applied")
    exported = space.server.must("GET", f"/apis/batch/v1/namespaces/{space.name}/jobs/j")
    assert not space.declare(manifests=[exported], wait="applied")["changed"]
    other = new_space()
    exported["metadata"]["namespace"] = other.name
    assert other.declare(manifests=[exported], wait="applied")["counts"] == {"created": 1}
    assert not other.declare(manifests=[exported], wait="applied")["changed"]
