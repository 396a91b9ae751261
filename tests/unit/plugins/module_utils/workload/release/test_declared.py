"""A rendered chart: hooks, definitions, and values that differ between renderings."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.declared import (
    take_release,
)


def config(name="a", annotations=None, **data):
    metadata = {"name": name, **({"annotations": annotations} if annotations else {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def release_of(*templates, **more):
    errors = ValidationErrors()
    helm = {"release": "web", "digest": "a", "templates": list(templates), **more}
    release, others = take_release([{"helm": helm}], "shop", errors)
    assert others == [] and errors.found == []
    return release


def text(*objects):
    return yaml.safe_dump_all(objects)


@pytest.mark.parametrize(
    ("annotations", "events", "weight", "policies"),
    [
        ({"helm.sh/hook": "pre-install"}, ("pre-install",), 0, ("before-hook-creation",)),
        (
            {
                "helm.sh/hook": "post-install, post-upgrade",
                "helm.sh/hook-weight": "-7",
                "helm.sh/hook-delete-policy": "hook-succeeded,hook-failed",
            },
            ("post-install", "post-upgrade"),
            -7,
            ("hook-succeeded", "hook-failed"),
        ),
        ({"helm.sh/hook": "test-success", "helm.sh/hook-weight": "x"}, ("test",), 0, ("before-hook-creation",)),
    ],
)  # fmt: skip
def test_annotations_of_hooks(annotations, events, weight, policies):
    release = release_of({"text": text(config("a", annotations), config("b")), "source": "t"})
    [hook] = release.hooks
    assert (hook.events, hook.weight, hook.policies) == (events, weight, policies)
    assert [obj["metadata"]["name"] for obj in release.objects] == ["b"]


def test_definitions_are_apart():
    release = release_of(definitions=[{"text": text(config("crd")), "source": "shop/crds/a.yaml"}])
    assert [obj["metadata"]["name"] for obj in release.definitions] == ["crd"]
    assert release.objects == []


def test_values_that_differ_between_renderings():
    first, again = config(password="1", fixed="x"), config(password="2", fixed="x")
    first["rules"] = [{"key": "1"}, {"key": "same"}]
    again["rules"] = [{"key": "2"}, {"key": "same"}]
    first["list"], again["list"] = [1], [1, 2]
    source = {"text": text(first, config("b")), "source": "t", "again": text(again, config("b"))}
    [(obj, paths)] = release_of(source).generated
    assert obj["metadata"]["name"] == "a"
    assert sorted(paths, key=str) == [("data", "password"), ("list",), ("rules", 0, "key")]


def test_an_object_with_another_name_at_each_rendering_is_new():
    source = {"text": text(config("a-1")), "source": "t", "again": text(config("a-2"))}
    assert release_of(source).generated == []


def test_other_entries_stay_and_a_chart_needs_the_action_plugin():
    errors = ValidationErrors()
    kind = {"apiVersion": "example.com/v1", "kind": "Boat", "helm": {"angle": 3}}
    release, others = take_release(
        ["a.yml", kind, {"helm": {"chart": "x", "release": "y"}}], "shop", errors
    )
    assert release is None and others == ["a.yml", kind]
    assert errors.found == [
        "manifests[2]: a chart is rendered by the action plugin slipway.lab.workload"
    ]


def test_a_mistake_names_the_template():
    errors = ValidationErrors()
    templates = [{"text": "kind: [", "source": "shop/templates/a.yaml"}]
    take_release(
        [{"helm": {"release": "web", "digest": "a", "templates": templates}}], "shop", errors
    )
    assert errors.found[0].startswith("shop/templates/a.yaml: is not valid YAML")
