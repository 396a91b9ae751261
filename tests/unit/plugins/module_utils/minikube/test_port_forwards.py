"""Tests of ``minikube.port_forwards``."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.port_forwards import (
    PortForwards,
    forwarded_ports,
)
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import Port


class RecordedEngine:
    """An engine with a control plane, which keeps the containers that are started."""

    def __init__(self):
        self.containers = {"lab": {"HostConfig": {"NetworkMode": "net"}, "Image": "sha256:1"}}
        self.started, self.removed = [], []

    def add(self, host_port, status="running", profile="lab"):
        """Add a container that publishes a port."""
        bindings = {"30080/tcp": [{"HostIp": "", "HostPort": str(host_port)}]}
        self.containers[f"forward-{host_port}"] = {
            "Name": f"/forward-{host_port}",
            "State": {"Status": status},
            "HostConfig": {"PortBindings": bindings},
            "Config": {"Labels": {"slipway.lab/ports-of": profile}},
        }

    def named(self, profile):
        """Return the containers, among them the control plane, which has no such label."""
        return self.containers

    def run(self, *words):
        """Answer a query."""
        if words[0] == "network":
            used = {
                "1": {"IPv4Address": "192.168.49.2/24"},
                "2": {"IPv4Address": "192.168.49.254/24"},
            }
            pool = {"Config": [{"Subnet": "192.168.49.0/24"}]}
            return SimpleNamespace(stdout=json.dumps([{"IPAM": pool, "Containers": used}]))
        found = [self.containers[name] for name in words[2:]]
        return SimpleNamespace(stdout=json.dumps(found))

    def start(self, *words):
        """Record a start."""
        self.started.append(words)

    def remove(self, containers, volumes):
        """Record a removal."""
        self.removed += containers


@pytest.fixture
def engine():
    return RecordedEngine()


def port(number):
    return Port(30080, host_port=number)


def test_only_running_containers_publish(engine):
    engine.add(80)
    engine.add(81, "exited")
    engine.add(82, profile="lab-two")
    assert forwarded_ports(engine.containers, "lab") == {("", "80", "30080/tcp")}


def test_only_what_differs_is_changed(engine):
    for number, status in ((80, "running"), (81, "running"), (82, "exited")):
        engine.add(number, status)
    PortForwards(engine, "lab").change([port(80), port(82), port(83)])
    assert engine.removed == ["forward-81", "forward-82"]
    assert [words[words.index("--publish") + 1] for words in engine.started] == [
        "82:30080", "83:30080",
    ]  # fmt: skip


def test_a_container_passes_connections_to_the_control_plane(engine):
    PortForwards(engine, "lab").change([Port(53, "udp", "10.0.0.1", 5353)])
    (words,) = engine.started
    assert words[:2] == ("--name", "lab-port-10.0.0.1-5353-udp")
    assert {"slipway.lab/ports-of=lab", "net", "10.0.0.1:5353:53/udp", "unless-stopped"} < set(
        words
    )
    assert words[words.index("--ip") + 1] == "192.168.49.253"  # a new node would get 192.168.49.3
    assert words[-3:] == ("sha256:1", "UDP-LISTEN:53,fork,reuseaddr", "UDP:lab:53")


def test_all_are_removed(engine):
    engine.add(80)
    PortForwards(engine, "lab").remove()
    assert engine.removed == ["forward-80"]
