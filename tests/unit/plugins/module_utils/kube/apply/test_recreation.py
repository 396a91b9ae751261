"""Tests of ``kube.apply.recreation``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply import recreation
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.object_change import (
    ObjectChange,
    UnfinishedError,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from support.kube_fake import Refused

LIVE = {
    "apiVersion": "v1", "kind": "ConfigMap",
    "metadata": {"name": "x", "namespace": "default", "uid": "u", "resourceVersion": "3"},
    "data": {"old": "1"}, "status": {},
}  # fmt: skip


@pytest.mark.parametrize("kind", ["PersistentVolumeClaim", "Namespace", "CustomResourceDefinition"])
def test_what_holds_data_is_never_recreated(client, discovery, kind):
    with pytest.raises(KubeError, match="deletes what is in it"):
        recreation.check_replaceable(client, discovery, {**LIVE, "kind": kind}, orphan=False)


STATEFUL_SET = {
    "apiVersion": "apps/v1", "kind": "StatefulSet",
    "metadata": {"name": "db", "namespace": "default", "uid": "owner"},
    "spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}},
}  # fmt: skip
WIDGET = {**STATEFUL_SET, "apiVersion": "example.com/v1", "kind": "Widget", "spec": {}}


@pytest.mark.parametrize(
    ("live", "reason"),
    [(STATEFUL_SET, "deletes its claims with it"), (WIDGET, "owns PersistentVolumeClaim")],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_what_owns_data_is_recreated_only_if_the_data_stays(api, client, discovery, live, reason):
    owner = {"apiVersion": live["apiVersion"], "kind": live["kind"], "name": "db", "uid": "owner"}
    claim = {"name": "data", "namespace": "default", "ownerReferences": [owner]}
    api.put("persistentvolumeclaims", {"kind": "PersistentVolumeClaim", "metadata": claim})
    with pytest.raises(KubeError, match=f"{reason}.* recreate does not do that"):
        recreation.check_replaceable(client, discovery, live, orphan=False)
    assert recreation.check_replaceable(client, discovery, live, orphan=True) == []
    assert recreation.check_replaceable(client, discovery, LIVE, orphan=False) == []


def test_pods_of_a_stateful_set_stay_if_the_successor_selects_them():
    spec = {"selector": {"matchLabels": {"app": "db"}}, "serviceName": "db"}
    live = {"kind": "StatefulSet", "spec": {**spec, "podManagementPolicy": "OrderedReady"}}
    assert recreation.pods_may_stay({"kind": "StatefulSet", "spec": spec}, live)
    for change in ({"selector": {"matchLabels": {"app": "x"}}}, {"serviceName": "x"}):
        other = {"kind": "StatefulSet", "spec": {**spec, **change}}
        assert not recreation.pods_may_stay(other, live)
    assert not recreation.pods_may_stay({"kind": "Deployment", "spec": spec}, live)


def test_the_successor_is_validated_under_another_name(api, client, discovery):
    recreation.check_successor(client, discovery, LIVE)
    assert api.get("configmaps", "x") is None
    assert not api.writes


def test_ports_that_the_former_service_has_are_left_out():
    spec = {"clusterIP": "10.0.0.1", "type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}
    probe = recreation._without_taken({"kind": "Service", "spec": spec})
    assert probe["spec"] == {"type": "NodePort", "ports": [{"port": 80}]}
    headless = recreation._without_taken({"kind": "Service", "spec": {"clusterIP": "None"}})
    assert headless["spec"]["clusterIP"] == "None"


def test_the_prediction_has_the_declared_name_address_and_ports():
    made = {
        "kind": "Service",
        "metadata": {"name": "web-x1y2z", "generateName": "web-", "labels": {"of": "web-x1y2z"}},
        "spec": {"clusterIP": "10.0.0.9", "ports": [{"port": 80, "nodePort": 30001}]},
    }
    spec = {"clusterIP": "10.0.0.1", "ports": [{"port": 80, "nodePort": 30080}]}
    found = recreation._named(made, {"kind": "Service", "metadata": {"name": "web"}, "spec": spec})
    assert found["metadata"] == {"name": "web", "labels": {"of": "web"}}
    assert found["spec"] == {**spec, "clusterIPs": ["10.0.0.1"]}


def test_the_former_object_comes_back_when_the_successor_fails(api, client, discovery):
    def create():
        raise KubeError("a webhook refused it")

    with pytest.raises(KubeError, match="was created again"):
        recreation.replace_object(client, discovery, LIVE, lambda: None, create)
    assert api.get("configmaps", "x")["data"] == {"old": "1"}


def test_an_object_whose_end_is_not_shown_comes_back(api, client, discovery):
    def delete():
        raise UnfinishedError("watch is forbidden", ObjectChange(ref_of(LIVE), "deleted", LIVE))

    with pytest.raises(KubeError, match="watch is forbidden; the former object was created again"):
        recreation.replace_object(client, discovery, LIVE, delete, lambda: LIVE)
    assert api.get("configmaps", "x")
    with pytest.raises(UnfinishedError, match="could not be created again .*already exists") as one:
        recreation.replace_object(client, discovery, LIVE, delete, lambda: LIVE)
    assert one.value.change.action == "deleted" and one.value.result["lost"]


def test_an_object_that_cannot_be_deleted_stays(api, client, discovery):
    def delete():
        raise KubeError("delete is forbidden")

    with pytest.raises(KubeError, match="delete is forbidden$"):
        recreation.replace_object(client, discovery, LIVE, delete, lambda: LIVE)
    assert not api.writes


def test_an_object_that_cannot_come_back_is_in_the_result(api, client, discovery):
    def deny(method, path):
        if method == "POST":
            raise Refused(403, "Forbidden", "no")

    def create():
        raise KubeError("a webhook refused it")

    api.faults.append(deny)
    with pytest.raises(UnfinishedError, match="in the result under lost") as failed:
        recreation.replace_object(client, discovery, LIVE, lambda: None, create)
    assert failed.value.result["lost"]["data"] == {"old": "1"}
    assert "uid" not in failed.value.result["lost"]["metadata"]


LABELS = {"app": "x", "job-name": "j", "batch.kubernetes.io/controller-uid": "u"}
JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "j", "namespace": "default", "uid": "u", "labels": LABELS},
    "spec": {
        "backoffLimit": 1,
        "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "u"}},
        "template": {"metadata": {"labels": LABELS}, "spec": {"containers": []}},
    },
}


def ended(kind: str) -> dict:
    return {**JOB, "status": {"conditions": [{"type": kind, "status": "True"}]}}


def test_a_job_can_be_created_again_without_what_the_server_made_up():
    manifest = recreation.former_manifest(JOB)
    assert manifest["metadata"] == {"name": "j", "namespace": "default", "labels": {"app": "x"}}
    assert manifest["spec"] == {
        "backoffLimit": 1,
        "template": {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": []}},
    }
    assert JOB["spec"]["template"]["metadata"]["labels"] == LABELS
    own = {**JOB, "spec": {**JOB["spec"], "manualSelector": True}}
    assert recreation.former_manifest(own)["spec"] == own["spec"]


@pytest.mark.parametrize(
    ("obj", "expected"),
    [(JOB, False), (ended("Complete"), True), (ended("Failed"), True), (LIVE, False)],
)
def test_a_job_ends(obj, expected):
    assert recreation.has_ended(obj) is expected


def test_a_job_that_had_ended_does_not_run_again(api, client, discovery):
    def create():
        raise KubeError("a webhook refused it")

    with pytest.raises(KubeError, match="because it would run again") as caught:
        recreation.replace_object(client, discovery, ended("Complete"), lambda: None, create)
    assert api.get("jobs", "j") is None
    assert caught.value.result["lost"]["metadata"]["name"] == "j"
