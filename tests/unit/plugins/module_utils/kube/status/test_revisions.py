"""Tests of ``kube.status.revisions``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.status.revisions import (
    UNKNOWN_OWNER,
    current_owner,
    is_current,
    pod_template,
    replica_sets,
    revision_of,
)
from support.kube_fake import replica_set
from support.objects import deployment


def test_revisions_have_numbers():
    assert revision_of({"revision": 7, "metadata": {}}) == 7
    annotations = {"deployment.kubernetes.io/revision": "12"}
    assert revision_of({"metadata": {"annotations": annotations}}) == 12
    assert revision_of({"metadata": {}}) == 0


def test_only_owned_replica_sets_are_returned_in_order(api, client):
    web = deployment()
    for number in (10, 9):
        api.put("replicasets", replica_set(f"web-{number}", number, web))
    foreign = replica_set("foreign", 11, web)
    foreign["metadata"]["ownerReferences"] = [{"uid": "other"}]
    api.put("replicasets", foreign)
    assert [revision_of(one) for one in replica_sets(client, web)] == [9, 10]


def test_the_newest_replica_set_owns_the_current_pods(api, client):
    web = deployment()
    stored = [
        api.put("replicasets", replica_set(f"web-{number}", number, web)) for number in (1, 2)
    ]
    owner = current_owner(client, web)
    assert owner == ("owner", stored[1]["metadata"]["uid"])
    assert is_current({"owners": [stored[1]["metadata"]["uid"]], "labels": {}}, owner)
    assert not is_current({"owners": [stored[0]["metadata"]["uid"]], "labels": {}}, owner)


def test_a_status_of_an_older_generation_has_no_owner(client):
    web = deployment()
    web["metadata"]["generation"] = 2
    assert current_owner(client, web) == UNKNOWN_OWNER
    assert not is_current({"owners": ["x"], "labels": {}}, UNKNOWN_OWNER)


def test_a_new_deployment_owns_its_replica_set_before_its_status_is_written(api, client):
    web = {**deployment(), "status": {}}
    assert current_owner(client, web, created=True) == UNKNOWN_OWNER, "it has made none yet"
    stored = api.put("replicasets", replica_set("web-1", 1, web))
    assert current_owner(client, web, created=True) == ("owner", stored["metadata"]["uid"])


@pytest.mark.parametrize(
    ("kind", "owner"), [("Job", ("all", "")), ("StatefulSet", ("hash", "web-5"))]
)
def test_other_kinds(client, kind, owner):
    web = {**deployment(), "kind": kind}
    web["status"]["updateRevision"] = "web-5"
    assert current_owner(client, web) == owner
    assert current_owner(client, web, created=True) == ("all", "")
    pod = {"owners": [], "labels": {"controller-revision-hash": "web-5"}}
    assert is_current(pod, owner)


def test_labels_of_controllers_are_not_part_of_a_template():
    template = {"metadata": {"labels": {"app": "web", "pod-template-hash": "1"}}, "spec": {}}
    found = pod_template({"metadata": {}, "spec": {"template": template}})
    assert found["metadata"]["labels"] == {"app": "web"}
