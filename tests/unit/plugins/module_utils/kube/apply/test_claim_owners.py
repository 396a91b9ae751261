"""Tests of ``kube.apply.claim_owners``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.claim_owners import (
    owned_claims,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of

PLURALS = {
    "Widget": ("example.com/v1", "widgets"),
    "Gadget": ("example.com/v1", "gadgets"),
    "StatefulSet": ("apps/v1", "statefulsets"),
    "Namespace": ("v1", "namespaces"),
    "Pod": ("v1", "pods"),
    "PersistentVolumeClaim": ("v1", "persistentvolumeclaims"),
}


def owner(kind: str, name: str, uid: str = "") -> dict:
    return {"apiVersion": PLURALS[kind][0], "kind": kind, "name": name, "uid": uid or name}


@pytest.fixture
def put(api):
    """Store an object whose uid is its name, and return it."""

    def put(kind: str, name: str, *owners: dict, namespace: str = "default") -> dict:
        version, plural = PLURALS[kind]
        metadata = {"name": name, "uid": name, "ownerReferences": list(owners)}
        if kind != "Namespace":
            metadata["namespace"] = namespace
        return api.put(plural, {"apiVersion": version, "kind": kind, "metadata": metadata})

    return put


@pytest.fixture
def chains(client, discovery):
    def chains(*objects: dict, namespace: str = "default") -> list[list[str]]:
        found = owned_claims(client, discovery, objects, namespace)
        return [[str(ref_of(obj)) for obj in chain] for chain in found]

    return chains


def test_owners_of_owners_are_found(put, chains):
    top = put("Widget", "cluster")
    put("Gadget", "part", owner("Widget", "cluster"))
    put("StatefulSet", "db", owner("Gadget", "part"))
    put("PersistentVolumeClaim", "data", owner("StatefulSet", "db"))
    put("PersistentVolumeClaim", "own")
    assert chains(top) == [
        [
            "Widget default/cluster",
            "Gadget default/part",
            "StatefulSet default/db",
            "PersistentVolumeClaim default/data",
        ]
    ]
    assert chains(put("Widget", "other")) == []


def test_many_owners_of_a_kind_are_read_with_one_request(put, chains, client, api):
    top = put("Widget", "cluster")
    for number in range(20):
        put("StatefulSet", f"db{number}", owner("Widget", "cluster"))
        put("PersistentVolumeClaim", f"data{number}", owner("StatefulSet", f"db{number}"))
    chains(top)
    before = client.requests
    assert len(chains(top)) == 20
    # the claims and their owners
    assert client.requests - before == 2


def test_another_object_of_the_same_name_owns_nothing(put, chains):
    top = put("Widget", "cluster")
    put("StatefulSet", "db", owner("Widget", "cluster"))
    put("PersistentVolumeClaim", "data", owner("StatefulSet", "db", "former"))
    assert chains(top) == []


def test_owners_that_are_gone_and_kinds_that_are_not_served_end_a_chain(put, chains):
    gone = {"apiVersion": "gone.example.com/v1", "kind": "Gone", "name": "x", "uid": "x"}
    put("PersistentVolumeClaim", "data", owner("StatefulSet", "gone"), gone)
    assert chains(put("Widget", "cluster")) == []


def test_a_claim_that_is_being_deleted_does_not_count(api, put, chains):
    top = put("Widget", "cluster")
    put("PersistentVolumeClaim", "data", owner("Widget", "cluster"))
    ending = {"deletionTimestamp": "2026-01-01T00:00:00Z"}
    api.update("persistentvolumeclaims", "data", lambda one: one["metadata"].update(ending))
    assert chains(top) == []


def test_owners_in_a_circle_end(put, chains):
    put("Gadget", "a", owner("Gadget", "b"))
    put("Gadget", "b", owner("Gadget", "a"))
    put("PersistentVolumeClaim", "data", owner("Gadget", "a"))
    assert chains(put("Widget", "cluster")) == []


def test_ephemeral_claims_of_a_pod_do_not_count(put, chains):
    top = put("Widget", "cluster")
    pod = put("Pod", "runner", owner("Widget", "cluster"))
    put("PersistentVolumeClaim", "scratch", owner("Pod", "runner"))
    assert chains(top, pod) == []


def test_objects_without_a_namespace_own_claims_in_every_namespace(put, chains):
    top = put("Namespace", "top")
    put("PersistentVolumeClaim", "data", owner("Namespace", "top"), namespace="shop")
    assert chains(top, namespace="") == [["Namespace top", "PersistentVolumeClaim shop/data"]]
