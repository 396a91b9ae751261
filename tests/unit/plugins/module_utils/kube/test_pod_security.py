from __future__ import annotations

import copy

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.pod_security import (
    declares_non_root,
    restricted,
    violations,
)

CONTAINER = {
    "name": "a",
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
POD = {
    "containers": [CONTAINER],
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
}


def changed(where: str, **fields) -> dict:
    """Return the restricted pod with other fields of the pod, its context, its container or the container's context."""
    pod = copy.deepcopy(POD)
    container = pod["containers"][0]
    places = {
        "pod": pod,
        "pod context": pod["securityContext"],
        "container": container,
        "context": container["securityContext"],
    }
    places[where].update(fields)
    return pod


def test_a_plain_pod_becomes_restricted():
    plain = {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]}
    assert len(violations(plain)) == 8
    filled = restricted(plain)
    assert violations(filled) == []
    assert plain == {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]}
    assert restricted({"containers": [{"name": "a"}]}) == POD


def test_values_of_the_pod_win():
    pod = restricted(changed("context", capabilities={"add": ["NET_BIND_SERVICE"]}))
    capabilities = pod["containers"][0]["securityContext"]["capabilities"]
    assert capabilities == {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}
    assert violations(pod) == []


@pytest.mark.parametrize(
    ("pod", "violation"),
    [
        (changed("pod", hostNetwork=True), "the pod: hostNetwork is set"),
        (changed("pod", volumes=[{"name": "v", "nfs": {}}]), "volume v: nfs is not allowed"),
        (changed("pod context", runAsUser=0), "the pod: runAsUser is 0"),
        (changed("pod context", sysctls=[{"name": "kernel.msgmax"}]), "the pod: the sysctl kernel.msgmax is not safe"),
        (changed("pod context", seccompProfile={"type": "Unconfined"}), "the pod: seccompProfile.type is Unconfined"),
        (changed("pod context", seccompProfile=None), "container a: seccompProfile is not set"),
        (changed("pod context", runAsNonRoot=None), "container a: runAsNonRoot is not true"),
        (changed("context", runAsNonRoot=False), "container a: runAsNonRoot is False"),
        (changed("context", privileged=True), "container a: privileged is True"),
        (changed("context", procMount="Unmasked"), "container a: procMount is Unmasked"),
        (changed("context", seLinuxOptions={"type": "spc_t"}), "container a: seLinuxOptions.type is spc_t"),
        (changed("context", appArmorProfile={"type": "Unconfined"}), "container a: appArmorProfile.type is Unconfined"),
        (changed("context", windowsOptions={"hostProcess": True}), "container a: windowsOptions.hostProcess is True"),
        (changed("context", allowPrivilegeEscalation=True), "container a: allowPrivilegeEscalation is not false"),
        (changed("context", capabilities={"drop": ["CHOWN"]}), "container a: capabilities.drop does not have ALL"),
        (changed("context", capabilities={"drop": ["ALL"], "add": ["X"]}), "container a: capabilities.add has X"),
        (changed("container", ports=[{"hostPort": 80}]), "container a: hostPort 80 is set"),
        (changed("container", lifecycle={"preStop": {"httpGet": {"host": "x"}}}), "container a: httpGet has a host"),
        (changed("container", livenessProbe={"tcpSocket": {"host": "x"}}), "container a: tcpSocket has a host"),
    ],
)  # fmt: skip
def test_each_violation_is_named(pod, violation):
    assert violations(POD) == []
    assert violations(pod) == [violation]


def test_settings_of_a_container_suffice():
    own = {"runAsNonRoot": True, "seccompProfile": {"type": "Localhost"}}
    pod = changed("context", **own)
    del pod["securityContext"]
    assert violations(pod) == []


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ({"containers": [{"name": "a"}]}, False),
        ({"containers": []}, False),
        ({"securityContext": {"runAsUser": 1}, "containers": [{"name": "a"}]}, True),
        ({"securityContext": {"runAsUser": 1}, "containers": [{"securityContext": {"runAsUser": 0}}]}, False),
        ({"securityContext": {"runAsNonRoot": True}, "containers": [{"name": "a"}]}, True),
        ({"containers": [{"securityContext": {"runAsUser": 1}}], "initContainers": [{"name": "b"}]}, False),
        ({"containers": [{"securityContext": {"runAsNonRoot": True, "runAsUser": 0}}]}, False),
    ],
)  # fmt: skip
def test_a_pod_declares_that_it_does_not_run_as_root(pod, expected):
    assert declares_non_root(pod) is expected


@pytest.mark.parametrize(
    "pod",
    [
        {"securityContext": "x", "containers": [{"securityContext": []}, "x"], "volumes": {}},
        {"containers": "x", "initContainers": [{"lifecycle": "x", "livenessProbe": ["x"]}]},
        {"containers": [{"securityContext": {"capabilities": "x", "seLinuxOptions": 1}}]},
    ],
)
def test_fields_of_a_wrong_type_are_left_to_the_api_server(pod):
    violations(restricted(pod))
    assert violations(pod) and not declares_non_root(pod)
