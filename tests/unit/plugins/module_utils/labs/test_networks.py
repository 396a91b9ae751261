"""Tests of the networks that a new lab can get."""

import ipaddress

from ansible_collections.slipway.lab.plugins.module_utils.labs.networks import (
    free_subnets,
    read_routes,
    recorded_subnet,
    used_networks,
)

HEADING = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
ROUTES = (
    HEADING
    + "eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    + "br-1\t0000D50A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    + "*\t0000600A\t00000000\t0200\t0\t0\t0\t0000F0FF\t0\t0\t0\n"
)


def networks(*texts):
    return [ipaddress.IPv4Network(text) for text in texts]


def test_the_first_network_without_a_route_is_free():
    assert next(free_subnets([])) == "10.213.0.0/24"
    assert next(free_subnets(networks("10.213.0.0/24", "10.214.0.128/25"))) == "10.215.0.0/24"
    assert next(free_subnets(networks("10.0.0.0/8"))) == "192.168.213.0/24"
    assert list(free_subnets(networks("10.0.0.0/8", "192.168.0.0/16"))) == []


def test_a_vpn_that_takes_all_traffic_takes_no_network():
    halves = "tun0\t00000000\t0\t3\t0\t0\t0\t00000080\t0\t0\t0\ntun0\t00000080\t0\t3\t0\t0\t0\t00000080\t0\t0\t0\n"
    assert [str(network) for _, network in read_routes(HEADING + halves)] == [
        "0.0.0.0/1",
        "128.0.0.0/1",
    ]
    assert list(used_networks(ROUTES + halves)) == networks("10.213.0.0/24")


def test_routes_are_read_without_those_that_refuse():
    assert [name for name, _ in read_routes(ROUTES)] == ["eth0", "br-1"]
    assert list(used_networks(ROUTES)) == networks("10.213.0.0/24")


def test_a_spoilt_record_is_none(tmp_path):
    path = tmp_path / "network.json"
    assert recorded_subnet(path) == ""
    for text in ("{", "[]", "{}"):
        path.write_text(text)
        assert recorded_subnet(path) == ""
    path.write_text('{"subnet": "10.214.0.0/24"}')
    assert recorded_subnet(path) == "10.214.0.0/24"
