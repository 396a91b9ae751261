"""Plan and problems of a cluster of kubeadm."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_plan import (
    parse_host,
    plan,
    problems,
)

ENDPOINT = "api.lab.internal:7443"
SETTINGS = {
    "endpoint": ENDPOINT,
    "pods": "10.244.0.0/16",
    "services": "10.96.0.0/12",
    "registries": ["registry.k8s.io"],
}
GROUPS = {"kube_control_plane": ["cp1"], "kube_node": ["node1"], "etcd": ["cp1"]}


def host(number=1, **found):
    """Return what the script look finds on a fresh host."""
    address = f"192.0.2.{number}"
    return {
        "member": "none",
        "server": "",
        "entering": "",
        "ca": "",
        "others": [],
        "registries": [],
        "addresses": ["127.0.0.1", address],
        "address": address,
        "arch": "x86_64",
        "clock": "1000",
        "machine_id": f"id-{number}",
        "memory": "4000",
        "swap": "0",
        "version": "",
        **found,
    }


def member(number, role="worker", **found):
    return host(number, member=role, server=f"https://{ENDPOINT}", ca="a", **found)


def control_plane(number, **found):
    return member(number, "control_plane", **found)


def found(hosts, groups=GROUPS, **settings):
    return problems(hosts, groups, SETTINGS | settings)


def test_lines_of_a_host_become_facts():
    facts = parse_host(
        [
            "member=worker",
            "server=https://a:1",
            "address=10.0.0.1",
            "address=10.0.0.2",
            "other=k3s.service",
            "registry=ghcr.io",
        ]
    )
    assert facts["member"] == "worker" and facts["server"] == "https://a:1"
    assert facts["addresses"] == ["10.0.0.1", "10.0.0.2"] and facts["others"] == ["k3s.service"]
    assert facts["registries"] == ["ghcr.io"]


def test_fresh_hosts_start_with_the_first_control_plane_and_all_others_join():
    hosts = {"node1": host(2), "cp2": host(3), "cp1": host(1)}
    assert plan(hosts, ["cp1", "cp2"]) == {
        "first": "cp1",
        "init": "cp1",
        "joining": ["node1", "cp2"],
    }


def test_a_running_cluster_has_no_start_and_only_new_hosts_join():
    hosts = {"cp1": host(1), "cp2": control_plane(2), "node1": member(3), "node2": host(4)}
    assert plan(hosts, ["cp1", "cp2"]) == {"first": "cp2", "init": "", "joining": ["cp1", "node2"]}


def test_an_interrupted_start_goes_on_where_it_was():
    hosts = {"cp1": host(1), "cp2": host(2, member="interrupted", entering="init")}
    assert plan(hosts, ["cp1", "cp2"])["init"] == "cp2"


def test_an_interrupted_join_joins_again():
    hosts = {"cp1": control_plane(1), "node1": host(2, member="interrupted", entering="join")}
    assert plan(hosts, ["cp1"])["joining"] == ["node1"]


def test_nothing_is_left_to_do_in_a_complete_cluster():
    hosts = {"cp1": control_plane(1), "node1": member(2)}
    assert plan(hosts, ["cp1"]) == {"first": "cp1", "init": "", "joining": []}
    assert found(hosts) == []


def test_fresh_hosts_have_no_problems():
    assert found({"cp1": host(1), "node1": host(2)}) == []


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({}, ["kube_control_plane is empty"]),
        ({"kube_control_plane": ["a", "b"]}, ["2 hosts", "odd number"]),
        ({"kube_control_plane": ["a"], "etcd": ["b"]}, ["differ by a, b", "same hosts"]),
    ],
)
def test_groups_that_make_no_cluster_are_refused(groups, words):
    hosts = {name: host(n) for n, name in enumerate(groups.get("kube_control_plane", []), 1)}
    (problem,) = found(hosts, groups)
    assert all(word in problem for word in words)


def test_a_second_cluster_does_not_start_while_control_planes_are_out_of_reach():
    groups = {"kube_control_plane": ["cp1", "cp2", "cp3"]}
    (problem,) = found({"cp1": host(1)}, groups)
    assert "cp2, cp3 cannot be reached" in problem and "--limit" in problem
    assert found({"cp1": host(1), "cp2": control_plane(2)}, groups) == []


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"pods": "10.96.0.0/16"}, "overlap"),
        ({"services": "10.96.0.0/99"}, "network of services is invalid"),
        ({"pods": "192.0.2.0/24"}, "contains the address of cp1 (192.0.2.1), node1 (192.0.2.2)"),
    ],
)
def test_networks_that_clash_are_refused(settings, word):
    (problem,) = found({"cp1": host(1), "node1": host(2)}, **settings)
    assert word in problem


@pytest.mark.parametrize(
    ("hosts", "word"),
    [
        (
            {"cp1": host(1, member="control_plane", server="https://10.0.0.9:6443")},
            "cp1 is a node of another cluster",
        ),
        ({"cp1": host(1), "node1": member(2)}, "no control plane of the run has one"),
        (
            {"cp1": control_plane(1), "node1": control_plane(2)},
            "node1 is a control plane, and the inventory makes it a worker",
        ),
        (
            {"cp1": control_plane(1), "node1": member(2) | {"ca": "b"}},
            "2 clusters of the same name",
        ),
        ({"cp1": host(1, others=["k3s.service"])}, "another Kubernetes (k3s.service)"),
        ({"cp1": host(1, swap="1")}, "cp1 uses swap"),
        (
            {"cp1": host(1, registries=["ghcr.io", "registry.k8s.io"])},
            "cp1 has settings of others for the registries registry.k8s.io in",
        ),
        ({"cp1": host(1, memory="900")}, "cp1 has 900 MiB"),
        ({"cp1": host(1, address="cp1.example")}, "Set kubernetes_address"),
        ({"cp1": host(1, address="192.0.2.9")}, "no interface with the address 192.0.2.9"),
        ({"cp1": host(1), "node1": host(2, machine_id="id-1")}, "the same machine id"),
        ({"cp1": host(1), "node1": host(2, arch="aarch64")}, "different architectures"),
        ({"cp1": host(1), "node1": host(2, clock="4600")}, "differ by 3600 seconds"),
    ],
)
def test_hosts_that_cannot_be_the_cluster_are_refused(hosts, word):
    (problem,) = found(hosts)
    assert word in problem


def test_swap_may_be_allowed():
    assert found({"cp1": host(1, swap="1")}, swap=True) == []


def test_workers_that_joined_an_interrupted_start_are_of_this_cluster():
    interrupted = host(
        1, member="interrupted", entering="init", server=f"https://{ENDPOINT}", ca="a"
    )
    assert found({"cp1": interrupted, "node1": member(2)}) == []
