"""Tests of ``kube.apply.withdrawal``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.withdrawal import (
    own_changes,
    withdraw,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from support.kube_fake import Refused


def config(name: str) -> dict:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "1"}}


def claim(name: str, **metadata) -> dict:
    metadata = {"name": name, "namespace": "default", **metadata}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata}


@pytest.fixture
def applier(client, discovery):
    return Applier(client, discovery, Deadline(5))


def texts(notes: list[dict]) -> dict[str, str]:
    return {note["name"]: note["restored"] for note in notes}


def test_only_what_was_created_is_deleted(api, applier):
    done = applier.apply([config("new"), config("old")], {})
    done[1].action = "configured"
    assert texts(withdraw(applier, done)) == {"new": "deleted, the task had created it"}
    assert not api.get("configmaps", "new") and api.get("configmaps", "old")


def test_data_stays_and_so_do_namespaces(api, applier):
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    done = applier.apply([namespace, claim("data", namespace="shop")], {})
    found = texts(withdraw(applier, done))
    assert found["data"].startswith("stays: PersistentVolumeClaim shop/data: deleting")
    assert found["shop"] == "stays, other clients may have created objects in it"
    assert api.get("persistentvolumeclaims", "data", "shop")
    assert api.get("namespaces", "shop", "")


def test_an_object_of_another_client_is_no_change_of_the_task(api, applier, client, discovery):
    names = ("kept", "replaced", "deleted")
    done = applier.apply([config(name) for name in names], {})
    pruned = config("pruned")
    done.append(ObjectChange(ref_of(pruned), "pruned", pruned, None))
    done.append(ObjectChange(ref_of(config("same")), "unchanged", config("same"), config("same")))
    api.remove("configmaps", "deleted")
    api.remove("configmaps", "replaced")
    api.put("configmaps", config("replaced"))
    own, notes = own_changes(client, discovery, done)
    assert [change.ref.name for change in own] == ["kept", "pruned"]
    assert texts(notes) == {
        "replaced": "stays, another client has created it again",
        "deleted": "is gone, another client has deleted it",
    }
    api.put("configmaps", pruned)
    own, notes = own_changes(client, discovery, done)
    assert texts(notes)["pruned"] == "stays, another client has created it again"


def test_an_object_that_is_replaced_at_the_last_moment_stays(api, applier):
    done = applier.apply([config("x")], {})
    api.remove("configmaps", "x")
    api.put("configmaps", config("x"))
    with pytest.raises(KubeError, match="the new one was not deleted"):
        withdraw(applier, done)
    assert api.get("configmaps", "x")


def test_an_account_that_may_not_read_rolls_everything_back(api, applier, client, discovery):
    done = applier.apply([config("x")], {})

    def forbid(method, path):
        if method == "GET":
            raise Refused(403, "Forbidden", "no reads for you")

    api.faults.append(forbid)
    assert own_changes(client, discovery, done) == (done, [])
