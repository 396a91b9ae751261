"""Options that the API servers of a cluster of kubeadm get, and refused ones."""

import base64

import pytest
import yaml

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_options import (
    declared_options,
    option_plan,
    option_problems,
    server_configuration,
)

LOG = "/var/log/kubernetes/audit"
VOLUME = {
    "name": "slipway-audit",
    "hostPath": LOG,
    "mountPath": LOG,
    "pathType": "DirectoryOrCreate",
}


def look(*options, interrupted="no", volumes=()):
    command = ["kube-apiserver", "--secure-port=6443", *(f"--{option}" for option in options)]
    mounts = [{"name": name, "mountPath": "/x"} for name in ("ca-certs", *volumes)]
    container = {"command": command, "volumeMounts": mounts}
    text = yaml.safe_dump({"spec": {"containers": [container]}})
    manifest = base64.b64encode(text.encode()).decode()
    return [f"interrupted={interrupted}", f"manifest={manifest}"]


def planned(declared, former=(), present=(), **manifests):
    arguments = [{"name": one.split("=")[0], "value": one.split("=")[1]} for one in present]
    configuration = yaml.safe_dump({"apiServer": {"extraArgs": arguments}})
    found = option_plan(configuration, manifests, declared, dict.fromkeys(former, ""))
    server = found.pop("server")
    found["arguments"] = [f"{one['name']}={one['value']}" for one in server["extraArgs"]]
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


def test_a_directory_that_an_option_names_is_a_volume():
    found = server_configuration({"audit-log-path": f"{LOG}/audit.log", "v": 4})
    assert found["extraVolumes"] == [VOLUME]
    assert found["extraArgs"][1] == {"name": "v", "value": "4"}
    assert server_configuration({"audit-log-path": "-"})["extraVolumes"] == []


def test_volumes_of_others_stay_and_ours_come_and_go():
    theirs = {"name": "theirs", "hostPath": "/a", "mountPath": "/a"}
    option, log = "audit-log-path", f"{LOG}/audit.log"
    without = yaml.safe_dump({"apiServer": {"extraVolumes": [theirs]}})
    server = {"extraArgs": [{"name": option, "value": log}], "extraVolumes": [theirs, VOLUME]}
    plain = {"cp1": look()}
    added = option_plan(without, plain, {option: log}, {})
    assert added == {"server": server, "pending": ["cp1"], "due": True}
    present = yaml.safe_dump({"apiServer": server})
    complete = {"cp1": look(f"{option}={log}", volumes=["slipway-audit"])}
    assert option_plan(present, complete, {option: log}, {option: log})["due"] is False
    removed = option_plan(present, complete, {}, {option: log})
    assert removed["pending"] == ["cp1"]
    assert removed["server"] == {"extraArgs": [], "extraVolumes": [theirs]}
    assert option_plan(without, plain, {}, {})["due"] is False


def test_a_volume_that_one_api_server_kept_is_removed_there():
    found = planned({}, [], [], cp1=look(volumes=["slipway-audit"]), cp2=look())
    assert found["pending"] == ["cp1"]


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
        "oidc-issuer-url": "https://login.example.com/",
        "oidc-client-id": "kubernetes",
        "oidc-ca-file": "/etc/kubernetes/pki/oidc-ca.crt",
    }
    assert option_problems(good) == []
