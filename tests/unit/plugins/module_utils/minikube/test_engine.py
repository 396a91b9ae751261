"""Tests of ``minikube.engine``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import (
    Engine,
    EngineError,
    create_engine,
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
