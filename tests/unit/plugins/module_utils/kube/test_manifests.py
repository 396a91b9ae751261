"""Tests of ``kube.manifests``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube import manifests
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.manifests import (
    check_served,
    load,
    load_rendered,
    place,
    secrets_in,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {a: '1'}\n"


def loaded(*sources):
    problems = ValidationErrors()
    return load(list(sources), problems), problems.found


def test_mappings_text_files_and_directories_are_read_in_order(tmp_path):
    (tmp_path / "b.yml").write_text(CONFIG % "b")
    (tmp_path / "a.yaml").write_text(f"{CONFIG % 'a'}---\n{CONFIG % 'a2'}")
    (tmp_path / "readme.txt").write_text("no manifest")
    mapping = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}}
    objects, problems = loaded(mapping, CONFIG % "t", str(tmp_path), str(tmp_path / "*.yml"))
    assert problems == []
    assert [obj["metadata"]["name"] for obj in objects] == ["m", "t", "a", "a2", "b", "b"]


def test_a_template_of_a_chart_may_give_a_key_twice():
    problems, warnings = ValidationErrors(), []
    (found,) = load_rendered(f"{CONFIG % 'a'}data: {{a: '2'}}\n", "a.yaml", problems, warnings)
    assert not problems.found and found["data"] == {"a": "2"}
    assert warnings == ["a.yaml: key 'data' is given twice (line 5); the last value counts"]


def test_lists_are_flattened():
    item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}
    objects, _ = loaded({"apiVersion": "v1", "kind": "List", "items": [item, item]})
    assert len(objects) == 2


def test_items_of_an_answer_have_the_kind_of_their_list():
    items = [{"metadata": {"name": "x"}}, {"kind": "Other", "metadata": {"name": "y"}}]
    objects, problems = loaded({"apiVersion": "v1", "kind": "ConfigMapList", "items": items})
    assert [(obj["apiVersion"], obj["kind"]) for obj in objects] == [
        ("v1", "ConfigMap"),
        ("v1", "Other"),
    ]
    assert not problems


def test_fields_of_the_server_are_removed():
    metadata = {"name": "x", "uid": "u", "resourceVersion": "1", "managedFields": []}
    objects, _ = loaded(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "status": {}}
    )
    assert objects[0]["metadata"] == {"name": "x"} and "status" not in objects[0]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (5, "int is not a manifest"),
        ("kind: [", "is not valid YAML"),
        ("a: 1\na: 2\n", "is given twice"),
        ({"kind": "ConfigMap", "metadata": {"name": "x"}}, "apiVersion"),
        (
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "x"}},
            "generateName",
        ),
        (
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": 5}},
            "metadata.name: 5 is not a string; quote it",
        ),
        (
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a/b"}},
            "is not a valid name",
        ),
        (
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "x", "labels": {"a": 1}},
            },
            "is not a string; quote it",
        ),
        ("/no/such/file.yaml", "/no/such/file.yaml"),
    ],
)
def test_mistakes_are_named_with_their_place(source, problem):
    _, problems = loaded(source)
    assert problem in " ".join(problems)


def test_dates_stay_text():
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {d: 2026-11-27}\n"
    objects, _ = loaded(text)
    assert objects[0]["data"]["d"] == "2026-11-27"


def test_namespaces_suit_the_kind(discovery):
    objects, _ = loaded(CONFIG % "x", {"apiVersion": "v1", "kind": "Namespace",
                                       "metadata": {"name": "n", "namespace": "wrong"}})  # fmt: skip
    config, namespace = place(objects, "shop", discovery)
    assert config["metadata"]["namespace"] == "shop"
    assert "namespace" not in namespace["metadata"]


def test_values_of_secrets_are_known_in_both_forms():
    objects, _ = loaded({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
                         "stringData": {"password": "hunter2"}})  # fmt: skip
    assert secrets_in(objects) == {"hunter2", "aHVudGVyMg=="}


def test_an_unknown_kind_is_rejected_unless_the_task_defines_it(discovery):
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x"}}
    with pytest.raises(KubeError, match="nothing was applied: x: "):
        check_served([thing], discovery)
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Thing"}},
    }  # fmt: skip
    check_served([definition, thing], discovery)


def test_yaml_as_kubernetes_reads_it():
    text = "apiVersion: v1\nkind: X\nmetadata: {name: a, namespace: }\nspec: {op: =, time: 22:30, n: 10, f: 1.5}\n"
    errors = ValidationErrors()
    (obj,) = manifests.load([text], errors)
    assert obj["spec"] == {"op": "=", "time": "22:30", "n": 10, "f": 1.5}
    assert "namespace" not in obj["metadata"]
    assert not errors.found


def test_the_scope_of_a_kind_of_the_task_is_in_its_definition():
    class Resources:
        def load(self, versions): ...

        def find(self, version, kind): ...

    names = {"kind": "Zone"}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "z"},
        "spec": {"group": "example.com", "names": names, "scope": "Cluster"},
    }  # fmt: skip
    zone = {"apiVersion": "example.com/v1", "kind": "Zone", "metadata": {"name": "eu"}}
    placed = manifests.place([definition, zone], "lab", Resources())
    assert "namespace" not in placed[1]["metadata"]


def test_a_list_without_items_is_empty():
    lists = [{"apiVersion": "v1", "kind": kind, "items": None} for kind in ("List", "SecretList")]
    assert loaded(*lists) == ([], [])
    named = {"apiVersion": "a/v1", "kind": "AllowList", "metadata": {"name": "a"}, "items": None}
    objects, _ = loaded(named)
    assert [obj["kind"] for obj in objects] == ["AllowList"]


def test_a_template_of_a_chart_may_give_a_secret_for_images_twice():
    problems, warnings = ValidationErrors(), []
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
    pod += "spec: {containers: [], imagePullSecrets: [{name: s}, {name: s}]}\n"
    (found,) = load_rendered(pod, "a.yaml", problems, warnings)
    assert found["spec"]["imagePullSecrets"] == [{"name": "s"}]
    assert warnings == ["a.yaml: imagePullSecrets s is given twice"]
