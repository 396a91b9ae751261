"""Manifests of a task, with and without a chart."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.manifests import (
    parse_manifests,
)

PLAIN = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "plain"}}
CHART = {
    "helm": {
        "release": "web",
        "digest": "a",
        "templates": [
            {"text": "{apiVersion: v1, kind: ConfigMap, metadata: {name: of-chart}}", "source": "t"}
        ],
    }
}


def parse(state="present", *, manifests):
    errors = ValidationErrors()
    release, objects = parse_manifests({"manifests": manifests, "state": state}, "shop", errors)
    return release, [obj["metadata"]["name"] for obj in objects], errors.found


def test_objects_of_a_chart_are_declared_too():
    release, names, errors = parse(manifests=[PLAIN, CHART])
    assert (release.name, release.namespace, names, errors) == (
        "web",
        "shop",
        ["plain", "of-chart"],
        [],
    )


def test_a_release_is_removed_by_its_record():
    release, names, _ = parse("absent", manifests=[PLAIN, CHART])
    assert release.name == "web" and names == ["plain"]


def test_stages_are_checked():
    metadata = {"name": "a", "annotations": {"slipway/stage": "x"}}
    release, _, errors = parse(manifests=[{**PLAIN, "metadata": metadata}])
    assert release is None and "is not a whole number" in errors[0]
