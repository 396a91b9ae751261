"""Tests of ``minikube.start_flags``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from ansible_collections.slipway.lab.plugins.module_utils.minikube.start_flags import start_flags
from support.minikube_profile import desired


def test_a_new_cluster_gets_all_settings():
    wanted = desired(
        nodes=2, memory="4g", ports=[Port(30080, host_port=80)], base_image="node:1",
        wait=["apiserver", "node_ready"], extra_config={"kubelet.max-pods": "50"},
    )  # fmt: skip
    flags = start_flags(wanted, 2)
    for flag in ("--nodes=2", "--memory=4g", "--ports=80:30080", "--base-image=node:1",
                 "--wait=apiserver", "--extra-config=kubelet.max-pods=50"):  # fmt: skip
        assert flag in flags


def test_an_existing_cluster_gets_only_what_a_start_applies():
    flags = start_flags(desired(nodes=2, memory="4g", cni="calico"), None)
    assert not any(flag.startswith(("--nodes", "--memory", "--cni")) for flag in flags)
    assert "--cni=/etc/cni.yaml" in start_flags(desired(cni="/etc/cni.yaml"), None)


def test_minikube_waits_for_nothing_when_only_nodes_are_awaited():
    assert "--wait=none" in start_flags(desired(wait=["node_ready"]), None)


def test_switches_are_left_out_unless_they_are_set():
    assert "--force" not in start_flags(desired(), 1)
    assert {"--force", "--keep-context"} < set(
        start_flags(desired(force=True, keep_context=True), 1)
    )
