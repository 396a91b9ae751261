"""Tests of ``kube.manifest_form``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.manifest_form import (
    declared_form,
    decoded,
    is_sound,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors

PLACEHOLDER = {"url": "https://hook.example.com", "caBundle": "Cg=="}


def manifest(kind, **fields):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}, **fields}


@pytest.mark.parametrize(
    ("obj", "problem"),
    [
        (
            manifest("Secret", data={"key": "hunter2 "}),
            "data.key is not base64; text as it is belongs to stringData",
        ),
        (
            manifest("ConfigMap", binaryData={"key": "YQ"}),
            "binaryData.key is not base64; text as it is belongs to data",
        ),
        (manifest("ConfigMap", binaryData={"key": 1}), "binaryData.key: 1 is not a string"),
        (manifest("Secret", stringData={"key": 4711}), "stringData.key is not a string; quote it"),
        (manifest("Secret", data=["hunter2"]), "data is not a mapping"),
        (manifest(["ConfigMap"]), "kind is missing or no text"),
        (manifest("ConfigMap", data="a: b"), "data is not a mapping"),
    ],
)
def test_content_that_the_server_cannot_read_is_named_without_its_value(obj, problem):
    problems = ValidationErrors()
    assert not is_sound(obj, "a.yaml", problems)
    (found,) = problems.found
    assert found.startswith(f"a.yaml: {problem}")
    assert "hunter2" not in found and "4711" not in found


def test_wrapped_content_is_applied_as_the_server_keeps_it():
    obj = manifest("Secret", data={"a": "aHVu\r\ndGVyMg==\n"}, stringData={"b": "x"})
    problems = ValidationErrors()
    assert is_sound(obj, "", problems) and not problems.found
    assert declared_form(obj)["data"] == {"a": "aHVudGVyMg==", "b": "eA=="}
    assert decoded("aHVu\ndGVyMg==\n") == b"hunter2"


def test_the_rules_of_an_aggregating_role_belong_to_its_controller():
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    aggregating = manifest("ClusterRole", aggregationRule={"clusterRoleSelectors": [{}]}, rules=[])
    assert "rules" not in declared_form(aggregating)
    assert declared_form(manifest("ClusterRole", rules=rules))["rules"] == rules


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("ValidatingWebhookConfiguration", {"webhooks": [{"clientConfig": PLACEHOLDER}]}),
        ("MutatingWebhookConfiguration", {"webhooks": [{"clientConfig": PLACEHOLDER}, None]}),
        ("APIService", {"spec": PLACEHOLDER}),
        (
            "CustomResourceDefinition",
            {"spec": {"conversion": {"webhook": {"clientConfig": PLACEHOLDER}}}},
        ),
    ],
)
def test_the_certificates_of_a_webhook_belong_to_their_injector(kind, fields):
    obj = manifest(kind, **fields)
    assert "Cg==" not in str(declared_form(obj)) and "url" in str(declared_form(obj))
    assert "Cg==" in str(obj)  # the input is not changed
    real = json.loads(json.dumps(obj).replace("Cg==", "LS0t"))
    assert declared_form(real) == real


@pytest.mark.parametrize("spec", [None, 1, {"conversion": None}, {"conversion": {"webhook": [1]}}])
def test_a_definition_of_another_form_stays(spec):
    obj = manifest("CustomResourceDefinition", spec=spec)
    assert declared_form(obj)["spec"] == spec


@pytest.mark.parametrize(
    ("obj", "where", "is_kustomization"),
    [
        ({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}, "text", True),
        ({"resources": ["a.yaml"]}, "/srv/app/kustomization.yaml", True),
        ({"resources": ["a.yaml"]}, "/srv/app/a.yaml", False),
        (
            {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"},
            "/srv/app/kustomization.yaml",
            False,
        ),
    ],
)
def test_a_file_of_kustomize_is_no_manifest(obj, where, is_kustomization):
    problems = ValidationErrors()
    assert not is_sound(obj, where, problems)
    assert any("kustomize: DIRECTORY" in text for text in problems.found) is is_kustomization


def test_a_job_that_was_exported_gets_a_selector_of_its_own():
    labels = {"controller-uid": "u", "job-name": "j", "app": "x"}
    spec = {"selector": {"matchLabels": {"controller-uid": "u"}}}
    spec["template"] = {"metadata": {"labels": labels}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": spec}
    assert declared_form(job)["spec"] == {"template": {"metadata": {"labels": {"app": "x"}}}}


def test_an_export_has_no_deletion_and_no_record_of_kubectl():
    metadata = {
        "name": "a",
        "deletionTimestamp": "2026-01-01T00:00:00Z",
        "deletionGracePeriodSeconds": 0,
    }
    metadata["annotations"] = {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "team": "red",
    }
    exported = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    assert declared_form(exported)["metadata"] == {"name": "a", "annotations": {"team": "red"}}
    assert "deletionTimestamp" in metadata and len(metadata["annotations"]) == 2
