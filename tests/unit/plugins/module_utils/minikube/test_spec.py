"""Tests of ``minikube.spec``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from support.minikube_profile import desired, parsed


def test_a_declared_addon_overrides_the_default():
    assert (
        not parsed(addons={"storage-provisioner": False})
        .wanted_addons()["storage-provisioner"]
        .enabled
    )


def test_ports_with_a_host_port_are_fixed():
    assert desired(ports=[Port(80), Port(81, host_port=8081)]).has_fixed_ports
    assert not desired(ports=[Port(80)]).has_fixed_ports


def test_a_path_is_a_manifest():
    assert desired(cni="/etc/cni.yaml").cni_is_file
    assert not desired(cni="calico").cni_is_file
