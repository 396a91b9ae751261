"""Tests of ``kube.apply.gitops``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import client_side, gitops
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import LAST_APPLIED


def config(*managed, **metadata):
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "a",
            "namespace": "default",
            "managedFields": list(managed),
            **metadata,
        },
        "data": {"x": "1", "y": "2"},
    }


def entry(manager, fields, **more):
    return {"manager": manager, "operation": "Apply", "fieldsV1": fields, **more}


@pytest.mark.parametrize(
    ("metadata", "tool"),
    [
        ({"annotations": {"argocd.argoproj.io/tracking-id": "x"}}, "Argo CD"),
        ({"labels": {"argocd.argoproj.io/instance": "x"}}, "Argo CD"),
        ({"labels": {"kustomize.toolkit.fluxcd.io/name": "x"}}, "Flux"),
        ({"labels": {"helm.toolkit.fluxcd.io/name": "x"}}, "Flux"),
        ({"labels": {"app.kubernetes.io/instance": "x"}, "annotations": None}, ""),
        ({}, ""),
    ],
)
def test_marks_name_the_tool(metadata, tool):
    assert gitops.tool_of(config(**metadata)) == tool


def test_what_a_tool_declared_with_kubectls_annotation_is_not_kubectls():
    fields = {"f:metadata": {"f:annotations": {f"f:{LAST_APPLIED}": {}}}}
    by_argo = entry("argocd-controller", fields, operation="Update")
    by_kubectl = entry("kubectl-client-side-apply", fields, operation="Update")
    assert client_side.declaring_managers(config(by_argo)) == []
    assert client_side.declaring_managers(config(by_kubectl)) == ["kubectl-client-side-apply"]
    tracked = config(by_kubectl, annotations={"argocd.argoproj.io/tracking-id": "x"})
    assert client_side.declaring_managers(tracked) == []


def test_labels_of_a_tool_are_told_from_those_of_others():
    labels = {"f:metadata": {"f:labels": {"f:l": {}}}}
    assert gitops.has_labelled(config(entry("kustomize-controller", labels)), "l")
    assert not gitops.has_labelled(config(entry("kustomize-controller", labels)), "other")
    assert not gitops.has_labelled(config(entry("slipway", labels)), "l")
    status = entry("helm-controller", labels, subresource="status")
    assert not gitops.has_labelled(config(status), "l")


def test_the_hint_names_each_tool_once():
    hint = gitops.revert_hint(["argocd-controller", "helm-controller", "kustomize-controller", "x"])
    assert hint.startswith("Argo CD and Flux will revert")
    assert gitops.revert_hint(["kubectl"]) == ""


def test_only_fields_that_changed_hands_are_noted():
    both, one = {"f:data": {"f:x": {}, "f:y": {}}}, {"f:data": {"f:x": {}}}
    before = config(entry("argocd-controller", both), entry("kubectl", one))
    after = config(entry("argocd-controller", one), entry("slipway", {"f:data": {"f:y": {}}}))
    note = gitops.overridden_note(before, after)
    assert note.startswith("ConfigMap default/a: Argo CD declares") and note.endswith(": data.y")
    assert gitops.overridden_note(before, before) == ""
