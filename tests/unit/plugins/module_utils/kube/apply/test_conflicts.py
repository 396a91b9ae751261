"""Tests of ``kube.apply.conflicts``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.conflicts import (
    MAX_LINES,
    explain,
    explain_immutable,
    refusal_entry,
    refusal_text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

WEB = ObjectRef("apps/v1", "Deployment", "shop", "web")


def conflict(*owners):
    causes = [
        {
            "reason": "FieldManagerConflict",
            "field": ".spec.replicas",
            "message": f'conflict with "{owner}"',
        }
        for owner in owners
    ]
    return ApiError(409, {"details": {"causes": causes}}, "PATCH", "/x")


def test_a_conflict_names_the_owners_and_the_next_step():
    error = explain(conflict("kubectl"), WEB)
    assert ".spec.replicas belongs to kubectl" in str(error)
    assert "force: true" in str(error)
    assert error.result["conflicts"] == [{"field": ".spec.replicas", "owner": "kubectl"}]


@pytest.mark.parametrize(
    ("annotated", "step"),
    [(True, "force: true takes the object over"), (False, "(other) declared stays beside")],
)
def test_a_port_in_the_way_is_explained(annotated, step):
    causes = [{"reason": "FieldValueDuplicate", "field": "spec.ports[1].name"}]
    error = ApiError(422, {"message": "is invalid", "details": {"causes": causes}}, "PATCH", "/x")
    annotation = {"f:kubectl.kubernetes.io/last-applied-configuration": {}}
    fields = {"f:spec": {"f:ports": {'k:{"port":80,"protocol":"TCP"}': {".": {}}}}}
    if annotated:
        fields["f:metadata"] = {"f:annotations": annotation}
    owner = {"manager": "other", "operation": "Update", "fieldsV1": fields}
    metadata = {"name": "web", "managedFields": [owner]}
    port = {"name": "http", "port": 80, "protocol": "TCP"}
    live = {"metadata": metadata, "spec": {"ports": [port]}}
    obj = {"spec": {"ports": [{"name": "http", "port": 81}]}}
    assert step in str(explain(error, WEB, live, obj))
    assert "force" not in str(explain(error, WEB, {"metadata": {"name": "web"}}, obj))
    assert "force" not in str(explain(error, WEB))


def test_a_conflict_with_a_gitops_tool_names_it():
    text = str(explain(conflict("argocd-controller", "kubectl"), WEB))
    assert "belongs to argocd-controller" in text and "Argo CD will revert" in text


def test_a_missing_namespace_names_the_option():
    missing = ApiError(404, {"message": 'namespaces "shop" not found'}, "PATCH", "/x")
    assert "create_namespace: true" in str(explain(missing, WEB))


def test_a_version_that_is_no_longer_served_is_no_missing_namespace():
    missing = ApiError(404, {}, "PATCH", "/apis/example.com/v1/namespaces/shop/things/a")
    text = str(explain(missing, ObjectRef("example.com/v1", "Thing", "shop", "a")))
    assert "no longer serves Thing in example.com/v1" in text and "create_namespace" not in text


def test_many_refusals_are_shortened():
    refused = [(WEB, KubeError(f"no {number}")) for number in range(MAX_LINES + 3)]
    lines = refusal_text(refused).splitlines()
    assert (len(lines), lines[-1]) == (MAX_LINES + 1, "... and 3 more")
    assert lines[0] == "Deployment shop/web: no 0"
    assert refusal_entry(*refused[0])["message"] == "no 0"


def immutable(kind: str, field: str, message: str) -> str:
    body = {"details": {"causes": [{"field": field, "message": message}]}}
    ref = ObjectRef("v1", kind, "shop", "web")
    return str(explain_immutable(ApiError(422, body, "PATCH", "/x"), ref, None, {}))


def test_a_field_that_cannot_change_names_the_option():
    text = immutable("Deployment", "spec.selector", "field is immutable")
    assert "(spec.selector: field is immutable); recreate: true deletes" in text


def test_a_long_value_is_left_out_of_the_reason():
    message = f'Invalid value: {{"a":"{"x" * 500}: y"}}: field is immutable'
    assert "(spec.template: field is immutable)" in immutable("Job", "spec.template", message)


def test_a_comparison_is_shortened_to_its_changed_lines():
    message = """Forbidden: spec is immutable
@@ -6,7 +6,7 @@
  "Resources": {
-   "storage": "1Gi"
+   "storage": "2Gi"
  },
"""
    assert_shortened(message)


def test_a_comparison_in_the_form_of_older_servers_is_shortened_alike():
    """As Kubernetes 1.32 answers."""
    message = """Forbidden: spec is immutable
  core.PersistentVolumeClaimSpec{
  \tResources: core.VolumeResourceRequirements{
- \t\tRequests: core.ResourceList{
- \t\t\ts"storage": {i: resource.int64Amount{value: 1073741824}, s: "1Gi", Format: "BinarySI"},
- \t\t},
+ \t\tRequests: core.ResourceList{
+ \t\t\ts"storage": {i: resource.int64Amount{value: 2147483648}, s: "2Gi", Format: "BinarySI"},
+ \t\t},
  \t},
  }
"""
    assert_shortened(message)


def assert_shortened(message):
    text = immutable("PersistentVolumeClaim", "spec", message)
    assert '(spec: Forbidden: spec is immutable (- "storage": "1Gi", + "storage": "2Gi"))' in text
    assert text.endswith("recreate does not delete what holds data")


def test_a_refused_quantity_is_named_with_its_path():
    text = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    error = ApiError(500, {"message": text}, "PATCH", "/x")
    declared = {"spec": {"resources": {"requests": {"memory": "512MB"}}}}
    told = str(explain(error, WEB, declared=declared))
    assert told.endswith("spec.resources.requests.memory: '512MB' is not a valid quantity; "
                         "write for example 250m, 1.5 or 128Mi")  # fmt: skip
    assert "regular expression" in str(explain(error, WEB, declared={}))


def test_a_refusal_that_names_only_other_fields_gets_those_of_the_declaration():
    text = (
        "updates to statefulset spec for fields other than 'replicas' and 'template' are forbidden"
    )
    body = {"message": text, "details": {"causes": [{"field": "spec", "message": text}]}}
    claims = [{"metadata": {"name": "d"}, "spec": {"size": "1Gi"}}]
    live = {"spec": {"replicas": 1, "podManagementPolicy": "OrderedReady", "claims": claims}}
    live["spec"]["claims"][0]["spec"]["mode"] = "a default"
    declared = {
        "replicas": 2,
        "podManagementPolicy": "Parallel",
        "claims": [{"spec": {"size": "1Gi"}}],
    }
    error = ApiError(422, body, "PATCH", "/x")
    text = str(explain_immutable(error, WEB, live, {"spec": declared}))
    assert "(spec.podManagementPolicy: only 'replicas' and 'template' can change)" in text
