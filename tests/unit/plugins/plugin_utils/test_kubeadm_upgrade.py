"""Order and problems of an upgrade of a cluster of kubeadm."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_upgrade import (
    upgrade_plan,
    upgrade_problems,
    version_problems,
)

NEW, OLD = "v1.36.3", "v1.35.1"
PROGRAMS = ["kubeadm", "kubectl", "kubelet", "etcdctl"]
GROUPS = {"kube_control_plane": ["cp1", "cp2", "cp3"], "kube_node": ["w1", "w2", "w3"]}


def host(version=OLD, member="worker"):
    return {"member": member, "version": version}


def cluster(**versions):
    """Return three control planes and three workers, some with another version."""
    names = GROUPS["kube_control_plane"] + GROUPS["kube_node"]
    roles = {name: "control_plane" if name.startswith("cp") else "worker" for name in names}
    return {name: host(versions.get(name, OLD), roles[name]) for name in names}


def versions(hosts, version=NEW, programs=PROGRAMS):
    settings = {"version": version, "programs": programs}
    return version_problems(hosts, GROUPS["kube_control_plane"], settings)


def plan(hosts, lines=(), batch=1, groups=GROUPS):
    return upgrade_plan(hosts, lines, groups, {"version": NEW, "batch": batch})


def problems(*lines, drained=("w1",), ignored=()):
    settings = {"version": NEW, "ignored": ignored}
    return upgrade_problems({"cp1": lines}, {"drained": drained}, settings)


@pytest.mark.parametrize("version", [OLD, "v1.35.4", NEW])
def test_the_same_minor_and_the_next_are_allowed(version):
    assert versions(cluster(), version) == []


def test_a_continued_upgrade_is_allowed():
    assert versions(cluster(cp1=NEW, w1=NEW)) == []


def test_an_earlier_version_is_refused():
    (said,) = versions(cluster(cp1=NEW), OLD)
    assert "cp1 (v1.36.3)" in said and "does not return" in said


def test_two_minor_versions_are_refused_with_the_next_step():
    (said,) = versions(cluster(), "v1.37.2")
    assert "w1 (v1.35.1)" in said and "first to v1.36." in said


def test_a_version_without_programs_is_refused():
    (said,) = versions({}, programs=["etcdctl"])
    assert "no kubeadm, kubectl, kubelet for kubernetes_version: v1.36.3" in said


def test_text_that_is_no_version_is_refused():
    (said,) = versions(cluster(), "1.36")
    assert "not a version" in said


def test_an_upgrade_needs_all_control_planes():
    hosts = cluster()
    del hosts["cp3"]
    (said,) = versions(hosts)
    assert said.startswith("cp3 cannot be reached")
    assert versions(hosts, OLD) == []


def test_control_planes_come_first_and_workers_in_batches():
    found = plan(cluster(), batch=2)
    assert found["control_planes"] == ["cp1", "cp2", "cp3"]
    assert found["batches"] == [["w1", "w2"], ["w3"]]
    assert found["drained"] == ["w1", "w2", "w3"]


def test_an_upgraded_cluster_needs_nothing():
    names = GROUPS["kube_control_plane"] + GROUPS["kube_node"]
    found = plan(cluster(**dict.fromkeys(names, NEW)))
    assert found["hosts"] == found["control_planes"] == found["batches"] == []


def test_a_continued_upgrade_finishes_the_node_it_had_drained():
    hosts = cluster(cp1=NEW, cp2=NEW, cp3=NEW, w1=NEW)
    found = plan(hosts, ["w1 True true true true", "w2 True true  true", "w3 True true  "])
    assert found["control_planes"] == [] and found["batches"] == [["w1"], ["w2"], ["w3"]]
    assert found["cordoned"] == ["w2"]


def test_fresh_hosts_and_those_without_a_kubelet_are_not_upgraded():
    hosts = {"cp1": host("", "control_plane"), "w1": host("", "none")}
    assert plan(hosts)["hosts"] == []


def test_the_only_node_for_pods_is_not_drained():
    groups = {**GROUPS, "kube_node": ["w1"]}
    assert plan({"w1": host()}, groups=groups)["drained"] == []


def test_a_control_plane_with_pods_is_drained():
    groups = {"kube_control_plane": ["cp1"], "kube_node": ["cp1", "w1"]}
    hosts = {"cp1": host(member="control_plane"), "w1": host()}
    assert plan(hosts, groups=groups)["drained"] == ["cp1", "w1"]


def test_certificates_and_space_are_named():
    found = problems("certificate=/etc/kubernetes/pki/ca.crt", "space=/etc/kubernetes 10 300")
    assert "cp1: the certificate /etc/kubernetes/pki/ca.crt" in found[0]
    assert "/etc/kubernetes has 10 MiB free, and the upgrade needs 300 MiB" in found[1]


DEPRECATED = (
    'deprecated=group="resource.k8s.io",removed_release="{}",resource="resourceclaims",'
    'subresource="",version="v1beta1"'
)


@pytest.mark.parametrize("release, count", [("1.36", 1), ("1.35", 1), ("1.37", 0), ("", 0)])
def test_a_requested_api_that_the_version_removes_is_refused(release, count):
    found = problems(DEPRECATED.format(release))
    assert len(found) == count
    assert all("resourceclaims.v1beta1.resource.k8s.io" in said for said in found)


def test_the_removal_of_an_api_can_be_accepted():
    line = DEPRECATED.format("1.36")
    assert problems(line, ignored=["resourceclaims.v1beta1.resource.k8s.io"]) == []


@pytest.mark.parametrize("counts, refused", [("0 2 2", True), ("1 2 2", False), ("0 1 2", False)])
def test_a_budget_that_never_permits_an_eviction_is_refused(counts, refused):
    found = problems(f"budget=shop/web {counts}")
    assert [said.split(" permits")[0] for said in found] == (
        ["The PodDisruptionBudget shop/web"] if refused else []
    )
    assert problems(f"budget=shop/web {counts}", drained=()) == []


def test_the_same_problem_of_two_control_planes_is_named_once():
    looks = {"cp1": ["budget=a/b 0 1 1", "cluster=v1.35.1"], "cp2": ["budget=a/b 0 1 1"]}
    settings = {"version": NEW, "ignored": []}
    assert len(upgrade_problems(looks, {"drained": ["w1"]}, settings)) == 1
