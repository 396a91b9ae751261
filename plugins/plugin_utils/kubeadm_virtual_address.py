"""Check whether control planes can share an address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any


def virtual_address_problems(
    address: str, hosts: Mapping[str, Mapping[str, Any]], control_planes: Sequence[str]
) -> list[str]:
    """Return why the control planes cannot share an address, before anything is changed.

    Args:
        address: The address, or nothing when none is declared.
        hosts: What was found on each host of the run, with its declared address as ``address``, and its interfaces as
            ``networks``: ``NAME ADDRESS/BITS``.
        control_planes: The declared control planes.
    """
    if not address:
        return []
    option = f"kubernetes_virtual_address: {address}"
    try:
        wanted = ipaddress.IPv4Address(address)
    except ValueError:
        return [f"{option} is not an IPv4 address."]
    owners = [name for name, host in hosts.items() if host["address"] == address]
    if owners:
        return [f"{option} is the address of {owners[0]}. Choose one that no host has."]
    return [
        f"{option} is not in the network of {name} ({network}), so this host cannot take it over. Choose a free "
        "address of the network that all control planes are in."
        for name in control_planes
        if name in hosts
        for network in _networks(hosts[name])
        if wanted not in network
    ]


def _networks(host: Mapping[str, Any]) -> list[ipaddress.IPv4Network]:
    """Return the network of the interface that has the declared address of a host."""
    interfaces = (ipaddress.IPv4Interface(line.split()[1]) for line in host["networks"])
    return [one.network for one in interfaces if str(one.ip) == host["address"]]
