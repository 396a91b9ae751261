"""Failures of a running cluster of kubeadm: what is seen, what repairs it, and that no acknowledged write is lost."""

import json
from urllib.parse import urlsplit

import pytest

from support.cluster import LAB, address, answers, container, docker, members, on
from support.kubeadm_lab import ADDRESSES, CONTROL_PLANES
from support.on_cluster import until
from support.partition import cut_off
from support.writes import Writes

pytestmark = pytest.mark.long

# The controller manager removes a node that is silent from the ready ones after 50 seconds.
SILENCE = 180
ETCD = "/var/lib/etcd"
MANIFEST = "/etc/kubernetes/manifests/etcd.yaml"
SERVERS = (f"slipway-{LAB}-registry", f"slipway-{LAB}-files")


@pytest.fixture(scope="module")
def lab(cluster):
    return cluster.json("up")


@pytest.fixture
def writes(lab):
    """Writes through the proxy of node1, none of which may be lost."""
    with Writes(lab["kubeconfig"], f"https://{address(lab, 'node1')}:7443") as writes:
        until(lambda: writes.acknowledged)
        yield writes
    assert writes.lost() == set()


def running():
    """Return the names of the running containers of this machine."""
    return set(docker("ps", "--format", "{{.Names}}").split())


def has_etcd(host):
    """Return whether etcd runs on a host."""
    return on(host, "sh", "-c", "pgrep -x etcd; :") != ""


def troubled_pods(cluster):
    """Return the pods of the system that the status reports."""
    status = json.loads(cluster.run("status", "--json").stdout)
    [system] = [one for one in status["namespaces"] if one["namespace"] == "kube-system"]
    return [pod["name"] for pod in system["troubled"]]


def is_whole(cluster, before):
    """Return whether the same nodes are ready, with all members of etcd."""
    return cluster.nodes() == before and members() == list(CONTROL_PLANES)


def trouble(cluster):
    """Return the nodes that the status, which fails then, reports as not ready."""
    status = json.loads(cluster.run("status", "--json").stdout)
    return sorted(one["name"] for one in status["nodes"] if not one["ready"])


def test_a_zone_that_is_cut_off_loses_no_acknowledged_write(cluster, lab, writes):
    before = cluster.nodes()
    with cut_off(lab, "cp1", "node2"):
        until(lambda: trouble(cluster) == ["cp1", "node2"], patience=SILENCE, pause=5)
        seen = len(writes.acknowledged)
        until(lambda: len(writes.acknowledged) > seen + 20, patience=60)
        assert answers(f"http://{address(lab, 'node1')}:{urlsplit(lab['app']['url']).port}")
    until(lambda: is_whole(cluster, before), patience=SILENCE, pause=2)
    assert cluster.json("up")["changed"] == 0


def test_mirrors_that_are_off_stop_no_pod_and_come_back(cluster, lab, writes):
    docker("stop", *SERVERS)
    assert answers(lab["app"]["url"])
    assert cluster.json("up")["changed"] > 0
    assert cluster.json("up")["changed"] == 0
    assert set(SERVERS) <= running()


def holders(shared):
    """Return the running control planes that have the shared address."""
    return [
        host
        for host in CONTROL_PLANES
        if container(host) in running() and f" {shared}/" in on(host, "ip", "-o", "-4", "address")
    ]


def test_another_control_plane_takes_over_the_virtual_address(cluster, lab):
    shared = f"{address(lab, 'cp1').rsplit('.', 1)[0]}.100"
    words = ("up", "-e", f"kubernetes_virtual_address={shared}")
    busy = f"kubernetes_virtual_address={address(lab, 'cp1').rsplit('.', 1)[0]}.1"
    assert "another machine has" in cluster.refused("up", "-e", busy)
    assert cluster.json(*words)["changed"] > 0
    assert cluster.json(*words)["changed"] == 0
    assert f"https://{shared}:7443" in cluster.kubectl("config", "view")
    [former] = holders(shared)
    docker("kill", container(former))
    until(lambda: holders(shared) not in ([], [former]), patience=30)
    until(lambda: cluster.run("kubectl", "get", "nodes").returncode == 0, patience=30)
    docker("start", container(former))
    until(lambda: sorted(cluster.nodes()) == sorted(ADDRESSES), patience=SILENCE, pause=2)
    [holder] = holders(shared)
    assert holder != former
    assert cluster.json(*words)["changed"] == 0
    assert cluster.json("up")["changed"] > 0
    assert holders(shared) == []
    assert cluster.json("up")["changed"] == 0


@pytest.fixture
def small_disk(lab):
    """The data of cp2's etcd on a disk of its own, which is small."""
    on("cp2", "mv", MANIFEST, "/root/etcd.yaml")
    until(lambda: not has_etcd("cp2"), patience=60, pause=1)
    on("cp2", "cp", "--archive", ETCD, "/root/etcd")
    on("cp2", "mount", "-t", "tmpfs", "-o", "size=400m,mode=700", "small", ETCD)
    on("cp2", "cp", "--archive", "/root/etcd/.", ETCD)
    on("cp2", "mv", "/root/etcd.yaml", MANIFEST)
    until(lambda: has_etcd("cp2"), patience=120, pause=1)


def test_a_full_disk_of_a_member_stops_no_other(cluster, lab, writes, small_disk):
    before = cluster.nodes()
    on("cp2", "sh", "-c", f"cat /dev/zero > {ETCD}/filler 2>/dev/null; :")
    until(lambda: not has_etcd("cp2"), patience=300, pause=2)
    seen = len(writes.acknowledged)
    until(lambda: len(writes.acknowledged) > seen + 20, patience=60)
    until(lambda: "etcd-cp2" in troubled_pods(cluster), patience=SILENCE, pause=2)
    on("cp2", "rm", f"{ETCD}/filler")
    # The kubelet starts a container again that has ended, later each time.
    until(lambda: has_etcd("cp2"), patience=400, pause=2)
    until(lambda: is_whole(cluster, before), patience=SILENCE, pause=2)
    assert cluster.json("up")["changed"] == 0
    assert sorted(cluster.nodes()) == sorted(ADDRESSES)
