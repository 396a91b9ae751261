"""Tests of ``kube.apply.deletion_wait``."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_wait import (
    wait_until_all_deleted,
    wait_until_deleted,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from support.kube_fake import Refused
from support.objects import deployment, pod

WEB = ObjectRef("apps/v1", "Deployment", "default", "web")


@pytest.fixture
def wait(client, discovery):
    resource = discovery.require("apps/v1", "Deployment")
    return lambda answer, seconds: wait_until_deleted(
        client, resource, WEB, answer, Deadline(seconds)
    )


def test_the_wait_ends_when_the_object_is_gone(api, wait):
    stored = api.put("deployments", deployment())
    timer = threading.Timer(0.3, api.remove, ("deployments", "web"))
    timer.start()
    wait(stored, 5)
    timer.join()


def test_a_successor_of_the_same_name_ends_the_wait(api, wait):
    api.put("deployments", {**deployment(), "metadata": {**deployment()["metadata"], "uid": "new"}})
    wait({"details": {"uid": "old"}}, 5)


def test_blockers_are_named_at_the_deadline(api, wait):
    blocked = deployment()
    blocked["metadata"]["finalizers"] = ["example.com/hold"]
    stored = api.put("deployments", blocked)
    api.put("pods", pod())
    with pytest.raises(KubeError) as caught:
        wait(stored, 0.5)
    assert "finalizers example.com/hold" in str(caught.value)
    assert "1 pods have not ended: web-1" in str(caught.value)


def test_what_a_namespace_still_has_is_named(api, client, discovery):
    message = "Some resources are remaining: configmaps. has 1 resource instances"
    reports = [
        {"type": "NamespaceContentRemaining", "status": "True", "message": message},
        {"type": "NamespaceDeletionDiscoveryFailure", "status": "False", "message": "All listed"},
    ]
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    stored = api.put("namespaces", {**namespace, "status": {"conditions": reports}})
    resource = discovery.require("v1", "Namespace")
    with pytest.raises(KubeError, match=f"Namespace shop still exists; {message} .after"):
        wait_until_deleted(client, resource, ref_of(namespace), stored, Deadline(0.3))


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_objects_that_hold_a_definition_are_named(api, client, discovery, monkeypatch, version):
    spec = {"group": "example.com", "names": {"kind": "Thing", "plural": "things"}}
    spec["versions"] = [{"name": "v1", "served": version == "v1"}]
    kind = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    definition = {**kind, "metadata": {"name": "things.example.com"}, "spec": spec}
    stored = api.put("customresourcedefinitions", definition)
    metadata = {"name": "a", "namespace": "default", "finalizers": ["example.com/hold"]}
    things = {"/apis/example.com/v1/things": [{"metadata": metadata}, {"metadata": {"name": "b"}}]}
    listed = client.list_all
    monkeypatch.setattr(
        client,
        "list_all",
        lambda path, **query: (things[path], "1") if path in things else listed(path, **query),
    )
    resource = discovery.require(kind["apiVersion"], kind["kind"])
    with pytest.raises(KubeError) as caught:
        wait_until_deleted(client, resource, ref_of(definition), stored, Deadline(0.3))
    named = "the kind Thing with finalizers: default/a (example.com/hold)" in str(caught.value)
    assert named is (version == "v1")


def test_many_are_waited_for_with_one_watch(api, client, discovery):
    stored = [api.put("deployments", deployment(name)) for name in ("a", "b", "c")]
    api.update("deployments", "b", lambda obj: obj["metadata"].update(uid="successor"))
    timers = [
        threading.Timer(0.2, api.remove, ("deployments", "a")),
        threading.Timer(0.3, api.update, ("deployments", "c", rename)),
    ]
    for timer in timers:
        timer.start()
    resource = discovery.require("apps/v1", "Deployment")
    wait_until_all_deleted(client, resource, stored, Deadline(5))
    watches = [path for _, path in api.log if "watch=true" in path]
    assert len(watches) == 1


def rename(obj):
    obj["metadata"]["uid"] = "another"


def test_a_narrow_account_watches_one_by_one(api, client, discovery):
    stored = [api.put("deployments", deployment(name)) for name in ("a", "b")]

    def forbid(method, path):
        if "fieldSelector" not in path and method == "GET" and "deployments" in path:
            raise Refused(403, "Forbidden", "not all of them")

    resource = discovery.require("apps/v1", "Deployment")
    api.faults.append(forbid)
    timers = [threading.Timer(0.2, api.remove, ("deployments", name)) for name in ("a", "b")]
    for timer in timers:
        timer.start()
    wait_until_all_deleted(client, resource, stored, Deadline(5))


def test_an_account_that_may_only_get_the_object_looks_again(api, client, discovery):
    stored = api.put("deployments", deployment())
    resource = discovery.require("apps/v1", "Deployment")

    def forbid(method, path):
        if method == "GET" and "deployments/web" not in path and "deployments" in path:
            raise Refused(403, "Forbidden", "no right to watch")

    api.faults.append(forbid)
    with pytest.raises(KubeError, match="Deployment default/web still exists .after 0.5 s"):
        wait_until_deleted(client, resource, WEB, stored, Deadline(0.5))
    timer = threading.Timer(0.2, api.remove, ("deployments", "web"))
    timer.start()
    wait_until_deleted(client, resource, WEB, stored, Deadline(10))
    timer.join()


def test_those_that_stay_are_named(api, client, discovery):
    stored = [api.put("deployments", deployment(f"d{number}")) for number in range(7)]
    resource = discovery.require("apps/v1", "Deployment")
    with pytest.raises(KubeError, match="d4 still exists\n... and 2 more.*after 0.3 s"):
        wait_until_all_deleted(client, resource, stored, Deadline(0.3))


def test_an_account_that_may_not_look_at_all_reads_the_right_to_watch(api, client, discovery):
    stored = api.put("deployments", deployment())
    resource = discovery.require("apps/v1", "Deployment")

    def forbid(method, path):
        if method == "GET" and "deployments" in path:
            raise Refused(403, "Forbidden", "get" if "deployments/web" in path else "list")

    api.faults.append(forbid)
    with pytest.raises(KubeError, match="list"):
        wait_until_all_deleted(client, resource, [stored], Deadline(5))
