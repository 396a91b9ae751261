"""Options that the API servers of a cluster of kubeadm get, and refused ones."""

import base64

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_options import (
    declared_options,
    option_plan,
    option_problems,
)


def look(*options, interrupted="no"):
    command = ["kube-apiserver", "--secure-port=6443", *(f"--{option}" for option in options)]
    text = yaml.safe_dump({"spec": {"containers": [{"command": command}]}})
    manifest = base64.b64encode(text.encode()).decode()
    return [f"interrupted={interrupted}", f"manifest={manifest}"]


def planned(declared, former=(), present=(), **manifests):
    arguments = [{"name": one.split("=")[0], "value": one.split("=")[1]} for one in present]
    configuration = yaml.safe_dump({"apiServer": {"extraArgs": arguments}})
    found = option_plan(configuration, manifests, declared, dict.fromkeys(former, ""))
    found["arguments"] = [f"{one['name']}={one['value']}" for one in found["arguments"]]
    return found


def test_options_that_the_cluster_has_change_nothing():
    both = {"cp1": look("a=1", "b=x"), "cp2": look("b=x", "a=1")}
    found = planned({"b": "x", "a": 1}, former=["a", "b"], present=["b=x", "a=1"], **both)
    assert (found["due"], found["pending"]) == (False, [])


def test_an_added_and_a_changed_option_reach_all_api_servers():
    found = planned({"a": 2, "b": "x"}, ["a"], ["a=1"], cp1=look("a=1"), cp2=look("a=2", "b=x"))
    assert found == {"due": True, "pending": ["cp1"], "arguments": ["a=2", "b=x"]}


def test_only_options_that_were_declared_before_are_removed():
    found = planned({}, ["mine"], ["mine=1", "theirs=1"], cp1=look("mine=1", "theirs=1"))
    assert found == {"due": True, "pending": ["cp1"], "arguments": ["theirs=1"]}
    again = planned({}, [], ["theirs=1"], cp1=look("theirs=1", "by-hand=1"))
    assert not again["due"]


def test_an_option_of_others_is_taken_over_when_it_is_declared():
    found = planned({"a": 2}, [], ["a=1", "a=3", "b=1"], cp1=look("a=1", "a=3", "b=1"))
    assert found == {"due": True, "pending": ["cp1"], "arguments": ["b=1", "a=2"]}


def test_an_option_that_one_api_server_kept_is_removed_there():
    found = planned({}, ["a"], [], cp1=look("a=1"), cp2=look())
    assert found["due"] and found["pending"] == ["cp1"]


def test_an_interrupted_change_continues():
    found = planned({"a": 1}, ["a"], ["a=1"], cp1=look("a=1"), cp2=look("a=1", interrupted="yes"))
    assert found["due"] and found["pending"] == ["cp2"]


def test_a_cluster_without_options_has_none():
    assert option_plan("{}", {"cp1": look()}, {}, {})["due"] is False


def test_values_have_the_words_of_the_command_line():
    given = {"a": False, "b": 5, "c": "Text"}
    assert declared_options(given) == {"a": "false", "b": "5", "c": "Text"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"--profiling": False}, "without dashes"),
        ({"feature-gates": {"A": True}}, "Write a text"),
        ({"v": None}, "Write a text"),
        ({"service-cluster-ip-range": "10.0.0.0/8"}, "kubernetes_service_network sets it"),
        ({"anonymous-auth": False}, "ask /readyz without a user"),
        ({"authorization-mode": "RBAC"}, "lacks Node,"),
        ({"authorization-mode": "Webhook"}, "lacks Node and RBAC"),
        ({"enable-admission-plugins": "PodSecurity"}, "lacks NodeRestriction"),
    ],
)
def test_options_that_the_cluster_does_not_survive_are_refused_with_a_reason(options, reason):
    (problem,) = option_problems(options)
    assert problem.startswith("kubernetes_api_server_options: ") and reason in problem


def test_other_options_are_taken():
    good = {
        "profiling": False,
        "v": 4,
        "anonymous-auth": True,
        "authorization-mode": "Node,RBAC,Webhook",
        "enable-admission-plugins": "NodeRestriction,PodNodeSelector",
    }
    assert option_problems(good) == []
