"""Tests of ``kube.apply.lost_owners``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import lost_owners
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import (
    ApplyOptions,
    Sender,
)
from support.kube_fake import Refused


@pytest.fixture
def sender(api, client, discovery):
    metadata = {"name": "parent", "namespace": "default", "uid": "live"}
    api.put("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
    return Sender(client, discovery, ApplyOptions())


def owned(*owners, manager="slipway"):
    fields = {"f:metadata": {"f:ownerReferences": {}}}
    entry = {"manager": manager, "operation": "Apply", "fieldsV1": fields}
    references = [
        {"apiVersion": version, "kind": kind, "name": name, "uid": uid}
        for version, kind, name, uid in owners
    ]
    metadata = {"name": "child", "namespace": "default", "managedFields": [entry]}
    metadata["ownerReferences"] = references
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}


LIVE = ("v1", "ConfigMap", "parent", "live")
OTHER = ("v1", "ConfigMap", "parent", "former")
GONE = ("v1", "ConfigMap", "gone", "x")
UNKNOWN = ("example.org/v1", "Nothing", "a", "x")


@pytest.mark.parametrize("owner", [OTHER, GONE])
def test_an_owner_that_does_not_exist_is_named(sender, owner):
    text = lost_owners.note(sender, owned(owner))
    assert f"ConfigMap {owner[2]}" in text and "leave out metadata.ownerReferences" in text


@pytest.mark.parametrize("owners", [(LIVE,), (LIVE, GONE), (UNKNOWN,), ()])
def test_an_object_that_stays_is_not_noted(sender, owners):
    assert lost_owners.note(sender, owned(*owners)) == ""


def test_owners_that_the_task_does_not_declare_cost_no_request(api, sender):
    seen = len(api.log)
    assert lost_owners.note(sender, owned(GONE, manager="operator")) == ""
    assert len(api.log) == seen


def test_an_owner_that_may_not_be_seen_is_not_noted(api, sender):
    def refuse(method, path):
        if path.endswith("/gone"):
            raise Refused(403, "Forbidden", "no")

    api.faults.append(refuse)
    assert lost_owners.note(sender, owned(GONE)) == ""
