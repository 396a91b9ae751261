"""Tests of ``minikube.engine``."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    Engine,
    EngineError,
    create_engine,
    nodes_among,
    published_ports,
)


def test_published_ports_without_those_of_minikube():
    bindings = {
        "22/tcp": [{"HostIp": "127.0.0.1", "HostPort": "0"}],
        "8443/tcp": [
            {"HostIp": "10.0.0.1", "HostPort": "8443"},
            {"HostIp": "127.0.0.1", "HostPort": ""},
        ],
        "30080/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}],
    }
    found = published_ports({"HostConfig": {"PortBindings": bindings}})
    assert found == {("10.0.0.1", "8443", "8443/tcp"), ("", "80", "30080/tcp")}


def test_only_container_drivers_have_an_engine():
    assert create_engine("podman").binary == "podman"
    assert create_engine("kvm2") is None
    assert create_engine(None) is None


def test_a_missing_engine_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="docker"):
        Engine("docker").check()


def test_an_engine_that_refuses_the_user_names_the_group(monkeypatch, tmp_path):
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho 'permission denied on the socket' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(EngineError, match="log in again"):
        Engine("docker").check()


def test_nodes_have_the_names_and_the_label_that_minikube_gives():
    ours = {"Config": {"Labels": {"created_by.minikube.sigs.k8s.io": "true"}}}
    names = ("lab", "lab-m02", "lab-two", "lab-port-any-80-tcp")
    containers = dict.fromkeys(names, ours) | {"lab-m03": {"Config": {}}}
    assert list(nodes_among(containers, "lab")) == ["lab", "lab-m02"]


def test_containers_of_a_profile_are_listed_and_inspected_once(monkeypatch):
    asked = []

    def run(self, *words):
        asked.append(words[0])
        names = [f'{{"Name": "/{name}"}}' for name in words[2:]]
        stdout = "lab\nmy-lab\n" if words[0] == "ps" else f"[{','.join(names)}]"
        return SimpleNamespace(stdout=stdout)

    monkeypatch.setattr(Engine, "run", run)
    assert Engine("docker").named("lab") == {"lab": {"Name": "/lab"}}
    assert asked == ["ps", "container"]
