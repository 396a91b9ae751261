"""Tests of ``workload.steps.data``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import (
    keep_claims,
    keep_data,
    keep_marked_and_data,
)
from support.kube_fake import Refused


def live(kind: str, version: str = "v1", name: str = "shop", **fields) -> dict:
    """Return an object as the server has it."""
    metadata = {"name": name, "namespace": "default", "uid": kind, **fields.pop("metadata", {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}


def by_ref(*objects: dict) -> dict:
    return {ref_of(obj): obj for obj in objects}


CLAIM, VOLUME, SERVICE = map(live, ("PersistentVolumeClaim", "PersistentVolume", "Service"))
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default", "uid": "n"}}
WIDGET = live("Widget", "example.com/v1")
DEFINITION = live(
    "CustomResourceDefinition", "apiextensions.k8s.io/v1", "widgets.example.com",
    spec={
        "group": "example.com", "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [{"name": "v1", "served": True}],
    },
)  # fmt: skip
DELETING = live(
    "StatefulSet",
    "apps/v1",
    spec={"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}},
)
POLICY = "persistentVolumeClaimRetentionPolicy"
MARK = {"annotations": {"slipway/keep": "true"}}


@pytest.mark.parametrize("keep", [keep_data, keep_marked_and_data])
def test_claims_and_volumes_are_kept_unless_data_is_removed(context_of, keep):
    context = context_of(name="web", state="absent")
    objects = by_ref(CLAIM, VOLUME, SERVICE)
    assert keep(context, objects) == [ref_of(CLAIM), ref_of(VOLUME)]
    assert context.result.fields["kept"] == [str(ref_of(CLAIM)), str(ref_of(VOLUME))]
    context = context_of(name="web", state="absent", remove_data=True)
    assert keep(context, by_ref(CLAIM, VOLUME, NAMESPACE, DELETING)) == []


@pytest.mark.parametrize("keep", [keep_data, keep_marked_and_data])
@pytest.mark.parametrize(
    ("obj", "reason"),
    [
        (NAMESPACE, "Namespace default has 1 PersistentVolumeClaims"),
        (DELETING, "its persistentVolumeClaimRetentionPolicy deletes its claims"),
        (DEFINITION, "there are 1 objects of the kind Widget"),
        (WIDGET, "Widget default/shop owns PersistentVolumeClaim default/data"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_what_takes_data_along_is_refused(api, context_of, keep, obj, reason):
    owner = {"apiVersion": "example.com/v1", "kind": "Widget", "name": "shop", "uid": "Widget"}
    owned = {"name": "data", "ownerReferences": [owner]}
    api.put("persistentvolumeclaims", live("PersistentVolumeClaim", metadata=owned))
    api.put("widgets", live("Widget", "example.com/v1", "of-others", metadata={"uid": "o"}))
    with pytest.raises(KubeError, match=reason):
        keep(context_of(name="web", state="absent"), by_ref(obj, SERVICE))
    assert keep(context_of(name="web", state="absent", remove_data=True), by_ref(obj)) == []


def test_what_the_account_may_not_see_is_a_warning(api, context_of):
    def forbid(method, path):
        raise Refused(403, "Forbidden", "no claims for you")

    api.faults.append(forbid)
    context = context_of(name="web", state="absent")
    assert keep_data(context, by_ref(WIDGET)) == []
    assert "no claims for you" in context.result.fields["warnings"][0]


def test_marked_objects_are_kept_and_need_no_proof(context_of):
    context = context_of(name="web", state="absent")
    marked = {**DELETING, "metadata": {**DELETING["metadata"], **MARK}}
    objects = by_ref(CLAIM, marked, SERVICE)
    assert keep_marked_and_data(context, objects) == [ref_of(marked), ref_of(CLAIM)]
    assert context.result.fields["kept"] == [str(ref_of(marked)), str(ref_of(CLAIM))]


SHRINKING = {"whenScaled": "Delete"}


@pytest.mark.parametrize(
    ("before", "declared", "is_refused"),
    [
        ({"replicas": 3, POLICY: SHRINKING}, {"replicas": 2}, True),
        ({"replicas": 3}, {"replicas": 2, POLICY: SHRINKING}, True),
        (
            {"replicas": 3, POLICY: SHRINKING},
            {"replicas": 2, POLICY: {"whenScaled": "Retain"}},
            False,
        ),
        ({"replicas": 3, POLICY: SHRINKING}, {"replicas": 3}, False),
        ({"replicas": 3, POLICY: SHRINKING}, {}, False),
        ({"replicas": 3}, {"replicas": 0}, False),
    ],
)
def test_fewer_pods_that_take_claims_along_are_refused(context_of, before, declared, is_refused):
    there = by_ref(live("StatefulSet", "apps/v1", spec=before))
    objects = [live("StatefulSet", "apps/v1", spec=declared), live("ConfigMap", name="new")]
    context = context_of(name="web", image="web:1")
    if is_refused:
        with pytest.raises(KubeError, match="deletes the claims of the pods that go"):
            keep_claims(context, objects, there)
    else:
        keep_claims(context, objects, there)
    keep_claims(context_of(name="web", image="web:1", remove_data=True), objects, there)
