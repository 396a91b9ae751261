"""Control planes that share an address."""

import pytest

from ansible_collections.slipway.lab.plugins.plugin_utils.kubeadm_virtual_address import (
    virtual_address_problems,
)

HOSTS = {
    "cp1": {"address": "192.0.2.11", "networks": ["lo 127.0.0.1/8", "eth0 192.0.2.11/24"]},
    "cp2": {"address": "192.0.2.12", "networks": ["eth1 198.51.100.4/24", "eth0 192.0.2.12/24"]},
    "far": {"address": "198.51.100.9", "networks": ["eth0 198.51.100.9/25"]},
}


@pytest.mark.parametrize("address", ["", "192.0.2.100"])
def test_no_address_and_one_of_the_network_are_right(address):
    assert virtual_address_problems(address, HOSTS, ["cp1", "cp2"]) == []


def test_a_control_plane_that_does_not_answer_is_not_judged():
    assert virtual_address_problems("192.0.2.100", HOSTS, ["cp1", "silent"]) == []


@pytest.mark.parametrize(
    ("address", "control_planes", "said"),
    [
        ("api.example", ["cp1"], "api.example is not an IPv4 address"),
        ("2001:db8::1", ["cp1"], "is not an IPv4 address"),
        ("192.0.2.12", ["cp1"], "is the address of cp2"),
        ("192.0.2.100", ["cp1", "far"], "is not in the network of far (198.51.100.0/25)"),
    ],
)
def test_what_cannot_be_shared_is_named(address, control_planes, said):
    [problem] = virtual_address_problems(address, HOSTS, control_planes)
    assert problem.startswith("kubernetes_virtual_address: ") and said in problem
