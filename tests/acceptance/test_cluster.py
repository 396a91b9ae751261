"""Day two of a cluster of kubeadm over container hosts: lost hosts, hosts that leave, certificates, an upgrade."""

import os
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from support.cluster import LAB, address, answers, container, docker, load_on_api, members
from support.control_plane_certificates import days_left, has_name, shorten_certificates
from support.kubeadm_lab import ADDRESSES, CONTROL_PLANES
from support.lab import ROOT
from support.load import Load
from support.on_cluster import until
from support.shop import shop

pytestmark = pytest.mark.long

VERSIONS = yaml.safe_load((ROOT / "upstream/versions.yml").read_text())
NEXT = VERSIONS["slipway_extra_versions"]["kubernetes_next"]
UPGRADE = ("up", "-e", f"kubernetes_version={NEXT}")
SHOP_PORT = 30081


def destroy(host):
    """Lose a host with its data, as a machine that burns."""
    docker("rm", "--force", container(host))
    mine = ("--filter", f"label=slipway={LAB}", "--filter", f"label=slipway.host={host}")
    for volume in docker("volume", "ls", "--quiet", *mine).split():
        docker("volume", "rm", volume)


@pytest.fixture(scope="module")
def lab(cluster):
    return cluster.json("up")


@pytest.fixture(scope="module")
def snapshot(cluster, lab):
    """A snapshot of etcd with the object that must come back."""
    cluster.kubectl("create", "configmap", "before", "--from-literal=a=b")
    saved = Path(cluster.json("etcd", "save")["snapshot"]["path"])
    yield saved
    saved.unlink()


def test_a_dead_control_plane_is_replaced_by_one_command(cluster, lab):
    before = cluster.nodes()
    assert sorted(before) == sorted(ADDRESSES)
    destroy("cp1")
    until(lambda: answers(lab["app"]["url"]), patience=60)
    until(lambda: cluster.run("kubectl", "get", "nodes").returncode == 0, patience=60)

    assert "up --replace cp1" in cluster.refused("up")  # the new host is empty
    assert sorted(members("cp2")) == list(CONTROL_PLANES)
    cluster.json("up", "--replace", "cp1")
    after = cluster.nodes()
    assert sorted(after) == sorted(before)
    assert after["cp1"] != before["cp1"] and after["cp2"] == before["cp2"]
    assert members() == list(CONTROL_PLANES)
    assert cluster.json("up")["changed"] == 0


def test_a_replacement_that_ends_the_majority_deletes_no_host(cluster, lab):
    made = docker("inspect", container("cp2"), "--format", "{{.Created}}")
    said = cluster.refused("up", "--replace", "cp2", "--replace", "cp3")
    assert "only 1 that work would stay" in said
    assert docker("inspect", container("cp2"), "--format", "{{.Created}}") == made


def test_a_lost_majority_is_restored(cluster, lab, snapshot):
    cluster.kubectl("create", "configmap", "after", "--from-literal=a=b")
    assert "etcd works" in cluster.refused("etcd", "restore", str(snapshot))
    destroy("cp2")
    destroy("cp3")
    assert "etcd does not work" in cluster.refused("up", "--replace", "cp2", "--replace", "cp3")

    assert cluster.json("etcd", "restore", str(snapshot))["lost"] == ["cp2", "cp3"]
    assert members() == ["cp1"]
    cluster.json("up", "--replace", "cp2", "--replace", "cp3")
    assert members() == list(CONTROL_PLANES)
    names = cluster.kubectl("get", "configmaps", "-o", "name").split()
    assert "configmap/before" in names and "configmap/after" not in names
    assert answers(lab["app"]["url"])


def test_hosts_that_leave_the_groups_leave_the_cluster(cluster, lab):
    cluster.declare(control_planes=["cp1"])
    cluster.json("up")
    assert sorted(cluster.nodes()) == ["cp1", "node1", "node2"]
    assert members() == ["cp1"]
    left = "ls -d /etc/kubernetes /var/lib/etcd /usr/local/lib/slipway/kubernetes; pgrep kubelet; :"
    assert docker("exec", container("cp3"), "sh", "-c", f"({left}) 2>/dev/null") == ""
    assert answers(lab["app"]["url"])
    assert cluster.json("up")["changed"] == 0


def test_hosts_that_left_join_again(cluster, lab):
    cluster.declare()
    cluster.json("up")
    assert sorted(cluster.nodes()) == sorted(ADDRESSES)
    assert members() == list(CONTROL_PLANES)


def test_hosts_that_lose_power_bring_their_nodes_back(cluster, lab):
    before = cluster.nodes()
    containers = [container(host) for host in ADDRESSES]
    docker("kill", *containers)
    docker("start", *containers)
    until(lambda: cluster.run("kubectl", "get", "nodes").returncode == 0, patience=300)
    until(lambda: cluster.nodes() == before, patience=300)
    until(lambda: answers(lab["app"]["url"]), patience=60)
    assert members() == list(CONTROL_PLANES)
    assert cluster.json("up")["changed"] == 0


def test_certificates_that_end_soon_are_renewed_and_no_request_fails(cluster, lab):
    servers = [address(lab, host) for host in CONTROL_PLANES]
    shorten_certificates(map(container, CONTROL_PLANES), seconds=86400)
    until(lambda: days_left(servers) == [0, 0, 0], patience=120)
    assert "renews it" in cluster.json("status")["certificates"]["warning"]
    assert cluster.json("up", "--check")["changed"] > 0
    assert days_left(servers) == [0, 0, 0]
    with load_on_api(lab) as api:
        cluster.json("up")
    assert api.requests > 100 and api.failures == []
    assert min(days_left(servers)) > 300
    first = cluster.json("status")["certificates"]
    assert first["warning"] == "" and first["end"] > f"{datetime.now(UTC) + timedelta(300)}"
    assert sorted(cluster.nodes()) == sorted(ADDRESSES)
    assert cluster.json("up")["changed"] == 0


def test_other_names_are_in_the_certificates_of_the_api_servers(cluster, lab):
    declared = ("-e", '{"kubernetes_api_server_names": ["api.example"]}')
    for more, named in ((declared, [True] * 3), ((), [False] * 3)):
        assert cluster.json("up", *more)["changed"] > 0
        assert [has_name(address(lab, host), "api.example") for host in CONTROL_PLANES] == named
        assert cluster.json("up", *more)["changed"] == 0


def test_ended_certificates_are_renewed(cluster, lab):
    servers = [address(lab, host) for host in CONTROL_PLANES]
    shorten_certificates(map(container, CONTROL_PLANES), seconds=1)
    until(lambda: cluster.run("kubectl", "get", "nodes").returncode != 0, patience=120)
    cluster.json("up")
    assert min(days_left(servers)) > 300
    assert sorted(cluster.nodes()) == sorted(ADDRESSES)
    assert members() == list(CONTROL_PLANES)
    assert cluster.json("up")["changed"] == 0


def test_an_upgrade_that_would_fail_is_refused(cluster, lab):
    assert "first to v1.36." in cluster.refused("up", "-e", "kubernetes_version=v1.37.0")
    assert "does not return" in cluster.refused("up", "-e", "kubernetes_version=v1.34.0")
    strict = ("--selector=k8s-app=kube-dns", "--min-available=100%", "-n", "kube-system")
    cluster.kubectl("create", "poddisruptionbudget", "strict", *strict)
    assert "kube-system/strict permits no eviction" in cluster.refused(*UPGRADE)
    cluster.kubectl("delete", "poddisruptionbudget", "strict", "-n", "kube-system")
    assert cluster.versions() == {f"{VERSIONS['slipway_versions']['kubernetes']}="}


def upgrading(host):
    """Return whether kubeadm upgrades a host now."""
    done = subprocess.run(["docker", "exec", container(host), "pgrep", "-f", "kubeadm upgrade"])
    return done.returncode == 0


def test_an_interrupted_upgrade_continues_and_fails_no_request(cluster, lab):
    manifest = cluster.inventory.parent / "shop.yml"
    manifest.write_text(shop(SHOP_PORT, NEXT))
    cluster.kubectl("apply", "-f", str(manifest))
    cluster.kubectl("wait", "--for=condition=Available", "deployment/shop", "--timeout=120s")
    start = lab["app"]["url"].rsplit(".", 1)[0]
    nodes = [f"{start}.{ADDRESSES[name]}" for name in ("node1", "node2")]
    apis = [f"{one.replace('http:', 'https:')}:7443/readyz" for one in nodes]
    with Load(*(f"{one}:{SHOP_PORT}" for one in nodes)) as app, Load(*apis) as api:
        interrupted = cluster.start(*UPGRADE)
        until(lambda: upgrading("cp2"), patience=900)
        os.killpg(interrupted.pid, signal.SIGKILL)
        interrupted.communicate()
        cluster.json(*UPGRADE)
    assert cluster.versions() == {f"{NEXT}="}
    assert app.requests > 500 and app.failures == []
    assert api.requests > 500 and api.failures == []
    assert members() == list(CONTROL_PLANES)
    assert cluster.json(*UPGRADE)["changed"] == 0
    assert "does not return" in cluster.refused("up")
