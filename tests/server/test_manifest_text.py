"""Manifests as text: numbers, keys and values of a wrong form."""

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
