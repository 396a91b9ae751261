"""Tests of ``kube.apply.client_side``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import client_side
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import LAST_APPLIED

PATH = "/api/v1/namespaces/default/configmaps/a"
KUBECTL = "kubectl-client-side-apply"
ANNOTATIONS = {"f:metadata": {"f:annotations": {".": {}, f"f:{LAST_APPLIED}": {}}}}


def declared(*managed, text=None):
    content = json.dumps({"kind": "ConfigMap", "data": {"x": "1", "y": "2"}})
    annotations = {LAST_APPLIED: content if text is None else text}
    metadata = {
        "name": "a",
        "namespace": "default",
        "annotations": annotations,
        "managedFields": list(managed),
    }
    data = {"x": "1", "y": "2", "z": "3"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def entry(manager, *names, operation="Update", **more):
    fields = {"f:data": {f"f:{name}": {} for name in names}}
    return {"manager": manager, "operation": operation, "fieldsV1": fields, **more}


def by_kubectl(*names, manager=KUBECTL):
    one = entry(manager, *names)
    return {**one, "fieldsV1": {**one["fieldsV1"], **ANNOTATIONS}}


def test_the_owner_of_the_annotation_has_declared_the_object():
    assert client_side.declaring_managers(declared(by_kubectl("x"))) == [KUBECTL]
    assert client_side.declaring_managers(declared(by_kubectl("x", manager="ci"))) == ["ci"]


def test_an_undo_of_kubectl_has_written_a_template():
    undo = {"manager": "kubectl", "operation": "Update"}
    template = {"f:spec": {"f:template": {"f:spec": {}}}}
    assert client_side.declaring_managers(declared({**undo, "fieldsV1": template})) == ["kubectl"]
    taint = {"f:spec": {"f:taints": {}}}
    assert client_side.declaring_managers(declared({**undo, "fieldsV1": taint})) == []


@pytest.mark.parametrize(
    "other",
    [
        entry(KUBECTL, "x"),
        {**by_kubectl("x"), "operation": "Apply"},
        {**by_kubectl("x"), "subresource": "status"},
        {"manager": "m", "operation": "Update"},
    ],
)
def test_other_managers_have_not(other):
    assert client_side.declaring_managers(declared(other)) == []
    assert client_side.remaining_note(None, PATH, declared(other)) == ""


def test_fields_of_other_owners_are_not_kubectls_own():
    obj = declared(by_kubectl("x", "y"), entry("slipway", "x", operation="Apply"))
    assert client_side.own_fields(obj) == {"f:data": {"f:y": {}}, **ANNOTATIONS}


def test_the_note_names_what_kubectl_declared_and_the_task_did_not():
    obj = declared(by_kubectl("x", "y", "z"), entry("slipway", "x", operation="Apply"))
    note = client_side.remaining_note(None, PATH, obj)
    assert note.startswith("ConfigMap default/a: ") and "data.y;" in note
    assert "data.z" not in note, "a default of the server was never declared"


def test_nothing_is_noted_when_the_task_has_all_fields():
    obj = declared(by_kubectl("x", "y"), entry("slipway", "x", "y", operation="Apply"))
    assert client_side.remaining_note(None, PATH, obj) == ""
    assert client_side.remaining_note(None, PATH, declared(by_kubectl("x"), text="?")) == ""


def written(*managed):
    obj = declared(*managed)
    del obj["metadata"]["annotations"]
    return obj


def test_the_note_names_what_kubectl_created_and_a_takeover_would_change(monkeypatch):
    obj = written(entry("kubectl-create", "x", "y", "z"), entry("slipway", "x", operation="Apply"))
    without = {**obj, "data": {"x": "1", "z": "3"}}
    monkeypatch.setattr(client_side, "after_takeover", lambda *_: without)
    note = client_side.remaining_note(None, PATH, obj)
    assert "kubectl wrote fields" in note and "stay: data.y;" in note, "the server sets z again"


def test_nothing_is_noted_when_the_server_needs_the_fields(monkeypatch):
    def refuse(*_):
        raise ApiError(422, {}, "PATCH", PATH)

    monkeypatch.setattr(client_side, "after_takeover", refuse)
    assert client_side.remaining_note(None, PATH, written(entry("kubectl-create", "x"))) == ""


def test_a_long_list_is_cut():
    many = {f"n{number:02}": "1" for number in range(12)}
    obj = declared(by_kubectl(*many), text=json.dumps({"data": many}))
    assert "data.n09 and 2 more;" in client_side.remaining_note(None, PATH, obj)


def test_a_takeover_moves_the_fields_and_a_dry_run_only_computes(api, client):
    api.put("configmaps", declared(by_kubectl("x")))
    live = api.get("configmaps", "a")
    predicted = client_side.take_over(client, PATH, live, "slipway", dry_run=True)
    assert api.writes == []
    moved = client_side.take_over(client, PATH, live, "slipway", dry_run=False)
    assert len(api.writes) == 1
    for obj in (predicted, moved):
        (mine,) = obj["metadata"]["managedFields"]
        assert (mine["manager"], mine["operation"]) == ("slipway", "Apply")


def test_the_prediction_lets_the_server_decide_without_the_fields(client, monkeypatch):
    sent = []
    monkeypatch.setattr(client, "patch", lambda *words, **query: sent.append((words, query)))
    obj = declared(by_kubectl("x", "y"), entry("slipway", "x", operation="Apply"))
    client_side.after_takeover(client, PATH, {**obj, "spec": {"kept": 1}})
    (((path, operations, _), query),) = sent
    assert (path, query) == (PATH, {"dryRun": "All"})
    assert operations == [
        {"op": "replace", "path": "/metadata/annotations", "value": {}},
        {"op": "replace", "path": "/data", "value": {"x": "1", "z": "3"}},
    ]
