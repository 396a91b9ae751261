from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.network import parse_ports
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import PortSpec


@pytest.mark.parametrize(
    ("value", "port"),
    [
        (8080, PortSpec("tcp-8080", 8080, 8080, "TCP")),
        ("80:8080", PortSpec("tcp-80", 80, 8080, "TCP")),
        ("53/udp", PortSpec("udp-53", 53, 53, "UDP")),
        (
            {"name": "web", "port": 80, "container_port": 8080, "node_port": 30080},
            PortSpec("web", 80, 8080, "TCP", 30080),
        ),
    ],
)
def test_ports_in_short_and_long_form(value, port):
    errors = ValidationErrors()
    assert parse_ports([value], errors, "ports") == [port]
    assert errors.found == []


@pytest.mark.parametrize(
    ("values", "mistake"),
    [
        (["http"], "ports[0]: 'http' is not a valid port"),
        ([True], "ports[0]: True is not a valid port"),
        ([{"name": "x"}], "ports[0]: needs container_port"),
        ([{"container_port": 1, "colour": "red"}], "ports[0]: unknown: colour; known: container_port"),
        ([{"container_port": 1, "protocol": "icmp"}], "ports[0]: protocol 'ICMP'"),
        ([{"container_port": 1, "name": "No"}], "ports[0].name: 'No' is not a valid port name"),
        ([80, 80], "ports: port 80/TCP is given twice"),
    ],
)  # fmt: skip
def test_mistakes_in_ports(values, mistake):
    errors = ValidationErrors()
    parse_ports(values, errors, "ports")
    assert any(found.startswith(mistake) for found in errors.found)


def test_one_number_may_serve_two_protocols():
    errors = ValidationErrors()
    parse_ports(["53/udp", "53/tcp"], errors, "ports")
    assert errors.found == []
