"""Tests of ``slipway.lab.targets``."""

import pytest

from slipway.errors import UsageError
from slipway.lab import targets
from slipway.lab.cluster import ClusterError
from slipway.lab.targets import APP, HOST, NODE, POD, choose, find_targets

REPORT = {"hosts": [{"name": "lab1"}, {"name": "lab2"}]}


def found(kind, name, namespace=None, **selector):
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"kind": kind, "metadata": metadata, "spec": {"selector": selector}}


@pytest.fixture(autouse=True)
def cluster(monkeypatch):
    """The objects of the cluster, or the error that it answers with."""
    objects = [
        found("Node", "minikube"),
        found("Pod", "web-1", "default"),
        found("Pod", "web-1", "shop"),
        found("Deployment", "web", "default", matchLabels={"app": "web", "tier": "front"}),
        found("StatefulSet", "db", "shop", matchExpressions=[
            {"key": "app", "operator": "In", "values": ["db", "cache"]},
            {"key": "old", "operator": "DoesNotExist"},
            {"key": "x", "operator": "Exists"},
            {"key": "y", "operator": "NotIn", "values": ["1"]},
        ]),
    ]  # fmt: skip

    def read(project, *words, seconds):
        if not objects:
            raise ClusterError("the cluster cannot be read: refused")
        return objects

    monkeypatch.setattr(targets, "read_objects", read)
    return objects


def test_all_that_can_be_named():
    assert [(one.kind, one.full_name) for one in find_targets(None, REPORT)] == [
        (HOST, "lab1"), (HOST, "lab2"), (NODE, "minikube"), (POD, "default/web-1"),
        (POD, "shop/web-1"), (APP, "default/web"), (APP, "shop/db"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "namespace", "kind", "full"),
    [
        ("lab2", None, HOST, "lab2"),
        ("minikube", None, NODE, "minikube"),
        ("shop/web-1", None, POD, "shop/web-1"),
        ("web-1", "default", POD, "default/web-1"),
        ("web", None, APP, "default/web"),
    ],
)
def test_a_name_is_found(name, namespace, kind, full):
    target = choose(None, REPORT, name, namespace)
    assert (target.kind, target.full_name) == (kind, full)


def test_the_pods_of_an_application_are_selected_as_its_controller_does():
    assert choose(None, REPORT, "web", None).selector == "app=web,tier=front"
    app = choose(None, REPORT, "db", None)
    assert app.selector == "app in (db,cache),!old,x,y notin (1)"
    assert app.resource == "statefulset/db"


@pytest.mark.parametrize(
    ("name", "namespace", "message", "next_step"),
    [
        (
            "web-1",
            None,
            r"several meanings: default/web-1 \(pod\), shop/web-1 \(pod\)",
            "namespace",
        ),
        ("webb", None, "nothing in the lab is called 'webb'", "default/web"),
        ("zzz", None, "'zzz'", "lab1, lab2, minikube"),
        ("lab1", "default", "'lab1'", "default/web"),
        ("x", "empty", "'x'", "nothing"),
    ],
)
def test_a_wrong_name_lists_the_right_ones(name, namespace, message, next_step):
    with pytest.raises(UsageError, match=message) as raised:
        choose(None, REPORT, name, namespace)
    assert next_step in raised.value.next_step


def test_a_host_needs_no_cluster_and_other_names_do(cluster):
    cluster.clear()
    assert choose(None, REPORT, "lab1", None).kind == HOST
    with pytest.raises(ClusterError) as raised:
        choose(None, REPORT, "web", None)
    assert "lab1, lab2" in raised.value.next_step
