"""Tests of ``minikube.node_drain``, against a server that speaks the API of nodes."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube import node_drain
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import NodeInUseError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_api import NodeApi
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_drain import drained, empty
from support.minikube_lab import Lab

REPLICA = [{"kind": "ReplicaSet", "name": "web", "controller": True}]


def pod(name, owners=REPLICA, **spec):
    metadata = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "ownerReferences": owners}
    return {"metadata": metadata, "spec": {"nodeName": "minikube-m02", **spec}, "status": {}}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("lab"))
    lab.run(driver="docker", nodes=2, base_image="kicbase:1")
    yield lab
    lab.close()


@pytest.fixture
def api(lab):
    lab.write(pods=[pod("web-1")], evicted=[], guarded=[], persistent_volumes=[])
    return NodeApi(lab.home / ".minikube", "minikube", "127.0.0.1", lab.read()["port"])


def read_node(lab):
    return lab.read()["nodes"]["minikube-m02"]


def test_a_drained_node_is_schedulable_again_after_the_work(lab, api):
    with drained(api, "minikube-m02", 5, print) as staying:
        assert staying == []
        assert read_node(lab)["unschedulable"] is True
        assert lab.read()["evicted"] == ["web-1"]
    assert not read_node(lab)["unschedulable"]
    assert read_node(lab)["annotations"] == {}


def test_pods_that_would_lose_data_stay(lab, api):
    cache = pod("cache", volumes=[{"name": "data", "emptyDir": {}}])
    lab.write(pods=[pod("lone", []), cache])
    with drained(api, "minikube-m02", 5, print) as staying:
        assert [reason.split()[0] for reason in staying] == ["shop/lone", "shop/cache"]
    assert lab.read()["evicted"] == []


def test_a_node_that_others_cordoned_stays_cordoned(lab, api):
    api.patch_node("minikube-m02", {"spec": {"unschedulable": True}})
    with drained(api, "minikube-m02", 5, print):
        pass
    assert read_node(lab)["unschedulable"] is True
    api.patch_node("minikube-m02", {"spec": {"unschedulable": None}})


def test_a_budget_ends_the_drain_with_its_words(lab, api):
    lab.write(guarded=["web-1"])
    lines = []
    with (
        pytest.raises(NodeInUseError, match=r"shop/web-1 \(The disruption budget web-1 needs 1"),
        drained(api, "minikube-m02", 0, lines.append),
    ):
        pytest.fail("the node was not drained")
    assert lines == [
        "shop/web-1 has to wait: The disruption budget web-1 needs 1 healthy pods and has 1 currently"
    ]
    # The next run continues, and makes the node schedulable again.
    lab.write(guarded=[])
    with drained(api, "minikube-m02", 5, print):
        pass
    assert not read_node(lab)["unschedulable"]


def test_a_budget_that_permits_the_eviction_later_is_waited_for(lab, api, monkeypatch):
    lab.write(guarded=["web-1"])
    monkeypatch.setattr(node_drain.time, "sleep", lambda _seconds: lab.write(guarded=[]))
    with drained(api, "minikube-m02", 5, print):
        assert lab.read()["evicted"] == ["web-1"]


def test_a_node_with_the_only_copy_of_data_is_not_emptied(lab, api):
    expression = {"key": "kubernetes.io/hostname", "operator": "In", "values": ["minikube-m02"]}
    terms = {"nodeSelectorTerms": [{"matchExpressions": [expression]}]}
    claim = {"namespace": "shop", "name": "orders"}
    spec = {"claimRef": claim, "nodeAffinity": {"required": terms}}
    lab.write(
        persistent_volumes=[{"metadata": {"name": "pv-1"}, "spec": spec}], pods=[pod("lone", [])]
    )
    with pytest.raises(NodeInUseError, match=r"the claim shop/orders; shop/lone has no controller"):
        empty(api, "minikube-m02", 5, print)
    assert not read_node(lab).get("unschedulable")
    lab.write(persistent_volumes=[], pods=[pod("web-1", volumes=[{"name": "tmp", "emptyDir": {}}])])
    empty(api, "minikube-m02", 5, print)
    assert lab.read()["evicted"] == ["web-1"]
    api.patch_node("minikube-m02", {"spec": {"unschedulable": None}})
