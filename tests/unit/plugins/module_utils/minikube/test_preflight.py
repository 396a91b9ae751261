"""Tests of ``minikube.preflight``."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube import preflight
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port
from ansible_collections.slipway.lab.plugins.module_utils.minikube.preflight import (
    check_ports_free,
    prepare_creation,
    resolve_version,
)
from support.minikube_profile import desired


@pytest.fixture
def used_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def port(number, address="127.0.0.1"):
    return Port(30080, host_port=number, ip=address)


def test_a_port_in_use_is_named(used_port):
    with pytest.raises(SpecError, match=f"host port {used_port} is in use"):
        check_ports_free([port(used_port)])


def test_an_address_of_another_host_is_named():
    with pytest.raises(SpecError, match="192.0.2.1 is not an address of this host"):
        check_ports_free([port(65000, "192.0.2.1")])


def test_a_replaced_cluster_may_hold_the_ports(used_port):
    wanted = desired(ports=[port(used_port)])
    prepare_creation(wanted, None, True, lambda text: None)
    with pytest.raises(SpecError):
        prepare_creation(wanted, None, False, lambda text: None)


def test_the_image_is_pulled_first(monkeypatch):
    pulled = []
    monkeypatch.setattr(preflight, "ensure_image", lambda _e, image, _r: pulled.append(image))
    prepare_creation(desired(base_image="node:2"), SimpleNamespace(), False, print)
    prepare_creation(desired(), SimpleNamespace(), False, print)
    assert pulled == ["node:2"]


class KnownVersions:
    """A Minikube that includes two versions of Kubernetes."""

    def query(self, *_words):
        return ["v1.35.1", "v1.34.4", "v1.36.0-rc.1"]


@pytest.mark.parametrize("reachable", [True, False])
def test_a_version_that_minikube_would_look_up_needs_github(monkeypatch, reachable):
    def fetch(url):
        return b"a" * 64 if "kubelet" in url or reachable else b""

    monkeypatch.setattr(preflight, "_fetch", fetch)
    wanted = desired(kubernetes_version="v1.36.1", binary_mirror="http://mirror")
    if reachable:
        assert resolve_version(KnownVersions(), wanted) == "v1.36.1"
    else:
        with pytest.raises(SpecError, match="includes versions up to v1.35.1, and accepts v1.36.1"):
            resolve_version(KnownVersions(), wanted)
    older = desired(kubernetes_version="v1.34.5", binary_mirror="http://mirror")
    assert resolve_version(KnownVersions(), older) == "v1.34.5"
