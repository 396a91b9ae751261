"""Fields change hands without a change of a value."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.migration import (
    move_fields,
    move_part,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from support.kube_fake import Refused

PATH = "/api/v1/namespaces/default/configmaps/a"


@pytest.fixture
def live(api):
    for manager, name in (("helm", "x"), ("slipway", "y"), ("other", "z")):
        body = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "a"},
            "data": {name: "1"},
        }
        api.apply("configmaps", "default", "a", body, {"fieldManager": manager})
    return api.get("configmaps", "a")


def owners(obj):
    return {
        entry["manager"]: sorted(entry["fieldsV1"]["f:data"])
        for entry in obj["metadata"]["managedFields"]
    }


def test_fields_move_and_values_stay(client, api, live):
    moved = move_fields(client, PATH, live, ("helm",), "slipway")
    assert owners(moved) == {"slipway": ["f:x", "f:y"], "other": ["f:z"]}
    assert moved["data"] == live["data"] and moved["kind"] == "ConfigMap"
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"y": "1"}}
    after = api.apply("configmaps", "default", "a", body, {"fieldManager": "slipway"})
    assert after["data"] == {"y": "1", "z": "1"}, "what the declaration no longer has goes"


def test_a_part_moves_from_every_other_manager(client, api, live):
    entries = live["metadata"]["managedFields"]
    (other,) = (entry for entry in entries if entry["manager"] == "other")
    entries.append({**other, "manager": "second"})
    moved = move_part(client, PATH, live, {"f:data": {"f:z": {}}}, "slipway")
    assert owners(moved) == {"helm": ["f:x"], "slipway": ["f:y", "f:z"]}


def test_without_such_fields_nothing_is_sent(client, api, live):
    assert move_fields(client, PATH, live, ("nobody",), "slipway") is live
    assert api.writes == []


def test_a_subresource_keeps_its_owner(client, api, live):
    status = {
        "manager": "helm",
        "operation": "Update",
        "subresource": "status",
        "fieldsV1": {"f:data": {"f:s": {}}},
    }
    live["metadata"]["managedFields"].append({**status, "manager": "helm"})
    moved = move_fields(client, PATH, live, ("helm",), "slipway")
    assert owners(moved)["helm"] == ["f:s"]


def test_a_concurrent_change_is_read_again(client, api, live):
    stale = {**live, "metadata": {**live["metadata"], "resourceVersion": "1"}}
    moved = move_fields(client, PATH, stale, ("helm",), "slipway")
    assert owners(moved)["slipway"] == ["f:x", "f:y"]


def test_a_refusal_is_an_error(client, api, live):
    def refuse(method, path):
        if method == "PATCH":
            raise Refused(403, "Forbidden", "no")

    api.faults.append(refuse)
    with pytest.raises(ApiError, match="no"):
        move_fields(client, PATH, live, ("helm",), "slipway")
