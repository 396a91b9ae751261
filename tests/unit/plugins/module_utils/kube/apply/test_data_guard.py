"""Tests of ``kube.apply.data_guard``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import (
    DataGuard,
    is_marked,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from support.kube_fake import Refused

WIDGET = {
    "apiVersion": "example.com/v1",
    "kind": "Widget",
    "metadata": {"name": "db", "namespace": "default", "uid": "w"},
}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [{"name": "v1beta1", "served": False}, {"name": "v1", "served": True}],
    },
}


@pytest.fixture
def check(client, discovery):
    def check(*objects, orphan=False):
        guard = DataGuard(client, discovery, orphan)
        guard.check(objects)
        return guard.warnings

    return check


def claim(name="data", **metadata):
    metadata = {"name": name, "namespace": "default", **metadata}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata}


def owner(uid):
    return {"apiVersion": "example.com/v1", "kind": "Widget", "name": "db", "uid": uid}


def test_volumes_and_claims_are_refused(check):
    with pytest.raises(KubeError, match="default/data: deleting a PersistentVolumeClaim deletes"):
        check(claim())
    snapshot = {**WIDGET, "apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot"}
    with pytest.raises(KubeError, match="default/db: deleting a VolumeSnapshot deletes its data"):
        check(snapshot)
    with pytest.raises(KubeError, match=r"default/4 and 2 more: .* set remove_data: true"):
        check(*(claim(str(number)) for number in range(7)))


def test_a_namespace_with_claims_is_refused(api, check):
    namespace = {"kind": "Namespace", "metadata": {"name": "default"}}
    assert check(namespace) == []
    api.put("persistentvolumeclaims", claim())
    with pytest.raises(KubeError, match="Namespace default has 1 PersistentVolumeClaims"):
        check(namespace)


def test_a_definition_with_objects_is_refused(api, check):
    assert check(DEFINITION) == []
    assert check({**DEFINITION, "spec": {**DEFINITION["spec"], "versions": []}}) == []
    api.put("widgets", WIDGET)
    with pytest.raises(KubeError, match="there are 1 objects of the kind Widget"):
        check(DEFINITION)


def test_a_definition_may_go_with_all_objects_of_its_kind(api, check):
    api.put("widgets", WIDGET)
    assert check(DEFINITION, WIDGET) == []
    other = {**WIDGET["metadata"], "name": "other", "uid": "o"}
    api.put("widgets", {**WIDGET, "metadata": other})
    with pytest.raises(KubeError, match="there are 1 objects of the kind Widget"):
        check(DEFINITION, WIDGET)


def test_a_stateful_set_that_deletes_its_claims_is_refused(check):
    def stateful_set(policy):
        spec = {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": policy}}
        metadata = {"name": "db", "namespace": "default", "uid": "d"}
        return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata, "spec": spec}

    assert check(stateful_set("Retain")) == []
    assert check(stateful_set("Delete"), orphan=True) == []
    with pytest.raises(
        KubeError, match="its persistentVolumeClaimRetentionPolicy .* Retain keeps them"
    ):
        check(stateful_set("Delete"))


def test_a_custom_resource_that_owns_claims_is_refused(api, check):
    api.put("persistentvolumeclaims", claim("foreign", ownerReferences=[owner("x")]))
    assert check(WIDGET) == []
    api.put("persistentvolumeclaims", claim(ownerReferences=[owner("w")]))
    assert check(WIDGET, orphan=True) == []
    with pytest.raises(
        KubeError, match="Widget default/db owns PersistentVolumeClaim default/data"
    ):
        check(WIDGET)


def test_a_custom_resource_whose_stateful_set_owns_claims_is_refused(api, check):
    owned = {"name": "set", "namespace": "default", "uid": "s", "ownerReferences": [owner("w")]}
    api.put("statefulsets", {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": owned})
    above = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "set", "uid": "s"}
    api.put("persistentvolumeclaims", claim(ownerReferences=[above]))
    text = "Widget default/db owns StatefulSet default/set, which owns PersistentVolumeClaim default/data"
    with pytest.raises(KubeError, match=text):
        check(WIDGET)


@pytest.mark.parametrize(
    ("version", "kind", "is_refused"),
    [
        ("apps/v1", "Deployment", True),
        ("batch/v1", "CronJob", True),
        ("serving.example.com/v1", "Service", True),
        ("v1", "Service", False),
        ("v1", "ConfigMap", False),
    ],
)
def test_the_kinds_that_may_own_claims(api, check, version, kind, is_refused):
    api.put("persistentvolumeclaims", claim(ownerReferences=[owner("w")]))
    obj = {**WIDGET, "apiVersion": version, "kind": kind}
    if is_refused:
        with pytest.raises(KubeError, match=f"{kind} default/db owns PersistentVolumeClaim"):
            check(obj)
    else:
        before = len(api.log)
        assert check(obj) == [] and len(api.log) == before


def test_an_account_that_may_not_list_claims_is_warned(api, check):
    def forbid(method, path):
        raise Refused(403, "Forbidden", "no claims for you")

    api.faults.append(forbid)
    (warning,) = check(WIDGET)
    assert "whether the objects own claims is not known" in warning and "no claims" in warning


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"slipway/keep": "true"}, True),
        ({"helm.sh/resource-policy": "keep"}, True),
        ({"slipway/keep": "false"}, False),
        (None, False),
    ],
)
def test_the_marks_of_objects_to_keep(annotations, expected):
    assert is_marked({"metadata": {"annotations": annotations}}) is expected
