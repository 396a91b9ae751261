"""Tests of ``minikube.ports``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.ports import (
    Port,
    parse_address,
    parse_port,
    port_texts,
)


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("30080", Port(30080)),
        ("8080:30080", Port(30080, host_port=8080)),
        ("10.0.0.1:8080:30080", Port(30080, ip="10.0.0.1", host_port=8080)),
        ("[2001:db8::5]:8080:30080", Port(30080, ip="2001:db8::5", host_port=8080)),
        ("[::]::30080/udp", Port(30080, "udp", "::")),
        ("10.0.0.1::30080/udp", Port(30080, "udp", "10.0.0.1")),
    ],
)
def test_ports_are_read_and_written_alike(text, port):
    assert parse_port(text) == port
    assert str(port) == text


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "70000",
        "8080:99999",
        "a:1",
        "1:2:3:4",
        "8000-8010:80",
        "999.1.1.1:1:1",
        "[::g]:1:1",
        "[1:2]:1:1",
    ],
)
def test_bad_ports_are_named(text):
    with pytest.raises(SpecError, match="ports: "):
        parse_port(text)


def test_addresses_have_a_normal_form():
    assert parse_address("x", "2001:DB8::1") == "2001:db8::1"
    with pytest.raises(SpecError, match="x: 'host' is not a valid IP address"):
        parse_address("x", "host")


def test_published_ports_are_written_in_order():
    ports = [Port(30080, host_port=80, ip="0.0.0.0"), Port(53, "udp", "10.0.0.1", 53), Port(22)]
    texts = port_texts(port.published for port in ports)
    assert texts == ["22/tcp", "80:30080/tcp", "10.0.0.1:53:53/udp"]
