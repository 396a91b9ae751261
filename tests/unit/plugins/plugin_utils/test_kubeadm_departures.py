"""Nodes that leave a cluster of kubeadm, and the replacement of control planes."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_departures import (
    departures,
    parse_nodes,
    replacement_problem,
)

LINES = ["cp1 True true", "cp2 True true", "cp3 Unknown true", "node1 True true", "guest True "]
NODES = parse_nodes(LINES)
CONTROL_PLANES = ["cp1", "cp2", "cp3"]
DECLARED = [*CONTROL_PLANES, "node1"]
PRESENT = {name: {"member": "worker"} for name in DECLARED}
MEMBERS = ["member=1 cp1", "member=2 cp2", "member=3 cp3"]
SILENT = ["error=etcd: no leader"]


def leaving(declared=DECLARED, hosts=None, lost=(), limited=False, nodes=NODES):
    hosts = {name: PRESENT[name] for name in declared} if hosts is None else hosts
    settings = {"declared": declared, "lost": lost, "limited": limited}
    return departures(nodes, CONTROL_PLANES, hosts, settings)


def test_lines_become_nodes():
    rest = {"upgrading": False, "cordoned": False}
    assert NODES["cp3"] == {"ready": False, "own": True, **rest}
    assert NODES["guest"] == {"ready": True, "own": False, **rest}
    marks = parse_nodes(["new  true  ", "odd True true  true"])
    assert marks["new"]["own"] and marks["odd"]["cordoned"] and not marks["odd"]["upgrading"]


def test_nothing_leaves_a_cluster_as_declared():
    found = leaving()
    assert found["forget"] == found["leave"] == found["problems"] == []
    assert sorted(found["stay"]) == sorted([*DECLARED, "guest"])


def test_a_node_that_left_the_groups_is_drained():
    found = leaving(CONTROL_PLANES)
    assert (found["forget"], found["leave"], found["problems"]) == ([], ["node1"], [])
    assert "node1" not in found["stay"]


def test_a_run_with_a_limit_takes_out_no_node_that_is_not_named():
    found = leaving(["cp1", "cp2"], limited=True)
    assert found["forget"] == found["leave"] == found["problems"] == []
    assert leaving(["cp1", "cp2", "node1"], lost=["cp3"], limited=True)["forget"] == ["cp3"]


def test_a_node_of_others_stays_unless_it_is_named():
    assert "guest" in leaving()["stay"]
    assert leaving(lost=["guest"])["leave"] == ["guest"]


def test_a_dead_node_that_left_the_groups_is_taken_out_on_request_only():
    declared = ["cp1", "cp2", "node1"]
    asked = leaving(declared)
    assert asked["forget"] == asked["leave"] == []
    assert '{"kubernetes_lost": ["cp3"]}' in asked["problems"][0]
    named = leaving(declared, lost=["cp3"])
    assert (named["forget"], named["leave"], named["problems"]) == (["cp3"], [], [])


def test_a_working_node_that_is_named_is_drained():
    assert leaving(CONTROL_PLANES, lost=["node1"])["leave"] == ["node1"]


def test_an_empty_host_takes_the_place_of_a_node_on_request_only():
    hosts = PRESENT | {"cp3": {"member": "none"}}
    problem = leaving(hosts=hosts)["problems"][0]
    assert "up --replace cp3" in problem and '{"kubernetes_lost": ["cp3"]}' in problem
    assert leaving(hosts=hosts, lost=["cp3"])["forget"] == ["cp3"]


def test_a_node_whose_host_still_has_it_is_not_forgotten():
    found = leaving(lost=["cp3"])
    assert found["forget"] == [] and "cp3 is to be replaced" in found["problems"][0]


@pytest.mark.parametrize("lost", [[], ["cp3"]])
def test_a_declared_host_that_does_not_answer_keeps_its_node(lost):
    hosts = {name: one for name, one in PRESENT.items() if name != "cp3"}
    found = leaving(hosts=hosts, lost=lost)
    assert found["forget"] == found["problems"] == [] and "cp3" in found["stay"]


def test_an_interrupted_join_continues():
    hosts = PRESENT | {"cp3": {"member": "interrupted"}}
    assert leaving(hosts=hosts, lost=["cp3"])["problems"] == []


def test_a_member_without_a_node_is_seen():
    nodes = {name: one for name, one in NODES.items() if name != "cp3"}
    declared = ["cp1", "cp2", "node1"]
    assert "cp3 left the groups" in leaving(declared, nodes=nodes)["problems"][0]
    assert leaving(declared, lost=["cp3"], nodes=nodes)["forget"] == ["cp3"]


def test_a_host_that_was_taken_out_and_comes_back_must_be_empty():
    nodes = {name: one for name, one in NODES.items() if name != "node1"}
    assert "node1 has the files of a node" in leaving(nodes=nodes)["problems"][0]
    empty = PRESENT | {"node1": {"member": "none"}}
    assert leaving(hosts=empty, nodes=nodes)["problems"] == []


def replacing(answers, *lost):
    return replacement_problem(answers, CONTROL_PLANES, lost)


@pytest.mark.parametrize("lost", ["cp3", "node1"])
def test_a_majority_that_stays_allows_a_replacement(lost):
    assert replacing({"cp1": MEMBERS, "cp2": MEMBERS, "cp3": None}, lost) == ""
    assert replacing({"cp1": MEMBERS, "cp2": MEMBERS, "cp3": []}, lost) == ""


def test_control_planes_without_members_may_be_replaced_after_a_restore():
    assert replacing({"cp1": MEMBERS[:1], "cp2": None, "cp3": []}, "cp2", "cp3") == ""


def test_a_replacement_that_ends_the_majority_is_refused():
    all_work = dict.fromkeys(CONTROL_PLANES, MEMBERS)
    assert "only 1 that work would stay" in replacing(all_work, "cp2", "cp3")
    assert "only 1 that work would stay" in replacing(all_work | {"cp1": SILENT}, "cp2")
    assert "only 0 that work would stay" in replacing({"cp1": MEMBERS[:1]}, "cp1")


def test_the_last_data_of_an_etcd_without_a_majority_are_not_replaced():
    problem = replacing({"cp1": SILENT, "cp2": None, "cp3": None}, "cp2", "cp3")
    assert "cp1: etcd: no leader" in problem and "etcd restore" in problem


def test_hosts_that_are_off_are_not_replaced():
    assert "cp1, cp2, cp3 cannot be reached" in replacing(dict.fromkeys(CONTROL_PLANES), "cp1")
    assert "cp2, cp3 cannot be reached" in replacing({"cp1": []}, "cp1")


def test_hosts_without_a_cluster_may_be_replaced():
    assert replacing(dict.fromkeys(CONTROL_PLANES, []), "cp1") == ""
