"""Tests of ``kube.ports``."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.ports import drop_repeated_ports


def workload(*ports, **container):
    pod = {"containers": [{"name": "web", "ports": list(ports), **container}]}
    return {"kind": "Deployment", "spec": {"template": {"spec": pod}}}


def port(name, number, **more):
    return {"name": name, "containerPort": number, **more}


def service(target):
    return {"kind": "Service", "spec": {"ports": [{"port": 80, "targetPort": target}]}}


def test_the_first_port_stays_and_references_to_others_get_the_number():
    probe = {"tcpSocket": {"port": "cluster"}}
    web = workload(
        port("http", 80), port("data", 7800), port("cluster", 7800), readinessProbe=probe
    )
    services = [service("cluster"), service("http"), service(7800)]
    (found,) = drop_repeated_ports([web, *services])
    assert (
        found
        == "port cluster of the container web has the number of an earlier one and was left out"
    )
    (container,) = web["spec"]["template"]["spec"]["containers"]
    assert container["ports"] == [port("http", 80), port("data", 7800)]
    assert container["readinessProbe"]["tcpSocket"]["port"] == 7800
    assert [one["spec"]["ports"][0]["targetPort"] for one in services] == [7800, "http", 7800]


@pytest.mark.parametrize(
    "objects",
    [
        [workload(port("dns", 53, protocol="UDP"), port("dns-tcp", 53))],
        [workload(port("a", 80, hostPort=1), port("b", 80, hostPort=2))],
        [workload("x", lifecycle="x"), {"kind": "Service", "spec": "x"}, service({})],
    ],
)
def test_other_ports_stay(objects):
    before = copy.deepcopy(objects)
    assert drop_repeated_ports(objects) == [] and objects == before
