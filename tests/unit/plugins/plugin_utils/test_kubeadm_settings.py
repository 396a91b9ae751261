"""Settings that the kubelets of a running cluster of kubeadm get, and refused ones."""

import base64

import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_settings import (
    setting_plan,
    setting_problems,
)


def look(settings, interrupted="no"):
    text = base64.b64encode(yaml.safe_dump(settings).encode()).decode()
    return [f"interrupted={interrupted}", f"configuration={text}"]


def planned(present, declared, former=None, **nodes):
    nodes = {name: look(settings) for name, settings in nodes.items()}
    return setting_plan(yaml.safe_dump(present), nodes, declared, former or {})


def test_settings_that_the_cluster_has_change_nothing():
    present = {"kind": "K", "maxPods": 50, "evictionHard": {"a": "1%", "b": "2%"}, "own": 1}
    declared = {"maxPods": 50, "evictionHard": {"a": "1%"}}
    found = planned(present, declared, declared, node1=present)
    assert (found["due"], found["pending"], found["settings"]) == (False, [], present)


def test_added_and_changed_settings_reach_the_kubelets_that_lack_them():
    present = {"maxPods": 50, "evictionHard": {"a": "1%", "b": "2%"}}
    declared = {"maxPods": 60, "evictionHard": {"a": "5%"}}
    wanted = {"maxPods": 60, "evictionHard": {"a": "5%", "b": "2%"}}
    found = planned(present, declared, cp1=wanted, node1=present)
    assert (found["due"], found["pending"], found["settings"]) == (True, ["node1"], wanted)
    assert found["attempted"] == {"maxPods": None, "evictionHard": {"a": None}}


def test_only_settings_that_were_declared_before_are_removed():
    present = {"maxPods": 50, "theirs": 1, "evictionHard": {"mine": "1%", "theirs": "2%"}}
    former = {"maxPods": 50, "evictionHard": {"mine": "1%"}, "sub": {"gone": 1}}
    found = planned(present, {}, former, node1=present)
    assert found["settings"] == {"theirs": 1, "evictionHard": {"theirs": "2%"}}
    assert found["pending"] == ["node1"]
    default = {**found["settings"], "maxPods": 110}
    assert planned(default, {}, former, node1=default)["pending"] == []


def test_a_branch_without_declared_leaves_is_removed():
    present = {"logging": {"verbosity": 4}, "a": 1}
    assert planned(present, {}, {"logging": {"verbosity": 4}})["settings"] == {"a": 1}


def test_an_interrupted_change_continues():
    found = setting_plan("a: 1", {"node1": look({"a": 1}, "yes")}, {"a": 1}, {"a": 1})
    assert found["due"] and found["pending"] == ["node1"]


def test_a_value_that_was_only_tried_is_removed_from_the_nodes_that_have_it():
    attempted = {"maxPods": None}
    found = planned({"a": 1}, {}, attempted, node1={"a": 1, "maxPods": 60}, node2={"a": 1})
    assert found["pending"] == ["node1"]


def test_kubeadm_writes_durations_in_another_form():
    declared = {"syncFrequency": "60s", "other": "1h"}
    present = {"syncFrequency": "1m0s", "other": "1h0m0s"}
    assert not planned(present, declared, declared, node1=present)["due"]
    assert planned(present, {"syncFrequency": "61s"}, declared, node1=present)["due"]


def test_kubeadm_leaves_out_a_false_that_it_has_applied():
    declared = {"serverTLSBootstrap": False}
    assert planned({}, declared, {}, node1={})["due"]
    assert planned({}, declared, {"serverTLSBootstrap": None}, node1={})["due"]
    assert not planned({}, declared, declared, node1={})["due"]


def test_settings_that_the_nodes_need_are_refused_with_a_reason():
    declared = {"staticPodPath": "/x", "authentication": {"x509": {"clientCAFile": "/x"}}}
    first, second = setting_problems(declared)
    assert "kubernetes_kubelet: authentication.x509.clientCAFile cannot be declared" in first
    assert "staticPodPath" in second and "control plane" in second
    assert setting_problems({"authentication": {"anonymous": {"enabled": False}}}) == []
