"""Tests of ``plugin_utils.cis_points``."""

from ansible_collections.slipway.lab.plugins.plugin_utils.cis_points import cis_points
from support.node_look import node_look


def look(node, text, rc=0, stderr=""):
    return {"item": node, "rc": rc, "stdout": text, "stderr": stderr}


def by_number(*looks):
    return {point["number"]: point for point in cis_points(looks)}


def test_a_cluster_without_a_weak_point():
    points = cis_points(
        [look("minikube", node_look()), look("minikube-m02", node_look(worker=True))]
    )
    assert {point["state"] for point in points} == {"pass"} and len(points) > 40
    assert not any(point["remedy"] for point in points)


def test_a_worker_is_not_asked_for_a_control_plane():
    changed = node_look(files={"/etc/kubernetes/kubelet.conf": "644 0:0"}, worker=True)
    points = by_number(look("minikube", node_look()), look("minikube-m02", changed))
    assert points["4.1.5, 4.1.6"]["message"] == (
        "/etc/kubernetes/kubelet.conf has mode 0644 (minikube-m02)"
    )
    assert points["2.2"]["state"] == "pass"


def test_a_failure_on_two_nodes_is_named_once():
    changed = {"/etc/kubernetes/kubelet.conf": "644 0:0"}
    looks = [look("a", node_look(files=changed)), look("b", node_look(files=changed, worker=True))]
    assert by_number(*looks)["4.1.5, 4.1.6"]["message"].endswith("0644 (a, b)")


def test_a_node_that_cannot_be_read_is_unknown_and_the_others_are_judged():
    points = cis_points(
        [look("minikube", node_look()), look("minikube-m02", "", 1, "is not running")]
    )
    assert points[0]["state"] == "unknown"
    assert points[0]["message"] == "minikube-m02: could not be read: is not running"
    assert len(points) > 40


def test_without_a_control_plane_nothing_passes_for_it():
    points = by_number(look("minikube-m02", node_look(worker=True)))
    assert points["nodes"]["message"] == "no node of the control plane could be read"
    assert points["1.2.6"]["state"] == "not applicable"


def test_a_program_that_does_not_run_is_unknown():
    dead = "\n".join(line for line in node_look().splitlines() if line != "process etcd 0")
    point = by_number(look("minikube", dead))["2.2"]
    assert point["state"] == "unknown" and "etcd does not run (minikube)" in point["message"]


def test_a_cluster_without_nodes_has_no_points():
    assert cis_points([]) == []
