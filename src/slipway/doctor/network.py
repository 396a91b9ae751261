"""Ports that are free, networks that do not collide."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Iterator
from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.labs.networks import (
    CANDIDATES,
    free_subnets,
    is_default,
    read_routes,
    recorded_subnet,
)
from slipway.doctor.checks import CARRIER, Check
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.doctor.variables import effective

# Docker names the bridge of a network after the first digits of the network's ID.
DOCKER_BRIDGE = re.compile(r"br-[0-9a-f]{12}$")
MIRROR_PORTS = ("mirror_files_port", "mirror_registry_port", "mirror_push_port")
# A control group of Docker's drivers cgroupfs and systemd.
IN_CONTAINER = re.compile(r"[/:](docker/|docker-)[0-9a-f]{64}")
LISTENING = "0A"  # state of a socket in /proc/net/tcp


def ports(machine: Machine) -> Finding:
    """Check that the ports of mirror and services are free, unless it is the lab that listens."""
    if machine.docker.denied:
        return ok("not checked: the lab may listen there, and this user cannot ask Docker yet")
    needed = list(wanted_ports(machine))
    if not needed:
        return ok("used by the lab")
    busy = set(listening(machine))
    taken = {
        one.number: one.variable
        for one in needed
        if busy & {(address, one.number) for address in (one.address, "0.0.0.0", "::")}
    }
    if taken and not machine.docker.running and has_abandoned_containers(machine):
        return ok("used by containers of an engine that was killed; they end when it starts")
    if taken:
        words = " and ".join(map(str, taken))
        return error(
            f"{words} taken by another program",
            f"see it with: ss -ltnp 'sport = :{next(iter(taken))}'; end it, or set "
            + " and ".join(taken.values()),
        )
    return ok(f"{', '.join(str(one.number) for one in needed)} free")


def has_abandoned_containers(machine: Machine) -> bool:
    """Return whether processes of containers run; they outlive an engine that is killed with its shims."""
    groups = (machine.root / "proc").glob("[0-9]*/cgroup")
    return any(
        IN_CONTAINER.search(machine.read(str(path.relative_to(machine.root)))) for path in groups
    )


class Port(NamedTuple):
    """A port that the lab listens on, and the variable that moves it."""

    address: str
    number: int
    variable: str


def lab_ports(machine: Machine) -> Iterator[Port]:
    """Yield all ports that a lab can listen on."""
    known = effective(machine)
    gateway = str(next(subnet(machine).hosts()))
    loopback = f"127.{gateway.partition('.')[2]}"
    addresses = dict.fromkeys((*MIRROR_PORTS, "registry_port"), gateway) | {"front_port": loopback}
    for variable, address in addresses.items():
        # Only Ansible can evaluate a template; the check of the variables reports other values.
        if str(known[variable]).isdigit():
            yield Port(address, int(known[variable]), variable)


def wanted_ports(machine: Machine) -> Iterator[Port]:
    """Yield the ports that the lab needs and does not have yet.

    The mirror listens on all of them; the folder ``listeners`` lists those that serve other roles.
    """
    services = effective(machine).get("slipway_services")
    for port in lab_ports(machine):
        role = port.variable.removesuffix("_port")
        served = (machine.project.state / f"mirror/listeners/{role}.conf").exists()
        listens_with_lab = port.variable in MIRROR_PORTS or served
        if not machine.docker.serves if listens_with_lab else services:
            yield port


def listening(machine: Machine) -> Iterator[tuple[str, int]]:
    """Yield address and port of TCP sockets that listen. Source: proc_net_tcp of the kernel."""
    for table in ("proc/net/tcp", "proc/net/tcp6"):
        for line in machine.read(table).splitlines()[1:]:
            fields = line.split()
            if len(fields) > 3 and fields[3] == LISTENING:
                address, _, port = fields[1].partition(":")
                yield _address(address), int(port, 16)


def _address(text: str) -> str:
    words = [bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8)]
    return str(ipaddress.ip_address(b"".join(words)))


def declared_subnet(machine: Machine) -> str:
    """Return the network of the lab's hosts: the declared one, that of the lab, or the one that it will get."""
    declared = str(effective(machine).get("lab_hosts_subnet", CANDIDATES[0]))
    if "{{" not in declared:
        return declared
    found = recorded_subnet(machine.project.state / "network.json")
    for one in machine.docker.networks:
        found = found or next((part["Subnet"] for part in one["IPAM"]["Config"] or []), "")
    taken = (
        network
        for interface, network in routes(machine)
        if not is_default(network) and not _left_by_docker(machine, interface)
    )
    return found or next(free_subnets(taken), str(CANDIDATES[0]))


def subnet(machine: Machine) -> ipaddress.IPv4Network:
    """Return the network of the lab's hosts; an address inside it is accepted for the network."""
    return ipaddress.IPv4Network(declared_subnet(machine), strict=False)


def networks(machine: Machine) -> Finding:
    """Check that no other route leads into the lab's networks."""
    bridges = {f"br-{one['Id'][:12]}" for one in machine.docker.networks}
    wanted = subnet(machine)
    declared = declared_subnet(machine)
    if declared != str(wanted):
        return error(
            f"lab_hosts_subnet: {declared} is not a network", f"set lab_hosts_subnet: {wanted}"
        )
    for interface, network in routes(machine):
        if interface in bridges or (network == wanted and _left_by_docker(machine, interface)):
            continue
        if not is_default(network) and network.overlaps(wanted):
            return error(f"{wanted} collides with {network} on {interface}", _free_network(machine))
    inside = internal_networks(machine)
    servers = set(name_servers(machine))
    if cut_off := sorted(one for one in servers if any(one in other for other in inside)):
        return (error if len(cut_off) == len(servers) else warning)(
            f"the name server {cut_off[0]} has an address of the cluster's internal networks",
            "this machine cannot reach it while the lab runs: use another name server",
        )
    for interface, network in routes(machine):
        if not is_default(network) and any(network.overlaps(other) for other in inside):
            return warning(
                f"{network} on {interface} overlaps the cluster's internal networks",
                "while the lab runs, this machine cannot reach addresses in that network",
            )
    return ok(f"{wanted} free")


def bridge_of_hosts(machine: Machine) -> str:
    """Return the name of the bridge of the lab's hosts; one of the same form, if there is none yet."""
    return next((f"br-{one['Id'][:12]}" for one in machine.docker.networks), f"br-{'0' * 12}")


def _free_network(machine: Machine) -> str:
    """Return the advice to use another network, with one that is free."""
    taken = (network for _, network in routes(machine) if not is_default(network))
    free = next(free_subnets(taken), "another private network")
    return f"set lab_hosts_subnet: {free}, and change hosts' addresses that are written out"


def internal_networks(machine: Machine) -> list[ipaddress.IPv4Network]:
    """Return the networks inside the cluster; empty if only Ansible can evaluate them."""
    declared = effective(machine).get("lab_hosts_internal_networks")
    if not isinstance(declared, list) or any("{{" in str(one) for one in declared):
        return []
    return [ipaddress.IPv4Network(str(one), strict=False) for one in declared]


def name_servers(machine: Machine) -> Iterator[ipaddress.IPv4Address]:
    """Yield the machine's IPv4 name servers, also those behind the local resolver of systemd."""
    for path in ("etc/resolv.conf", "run/systemd/resolve/resolv.conf"):
        for line in machine.read(path).splitlines():
            keyword, _, address = line.strip().partition(" ")
            if keyword == "nameserver" and address.strip().count(".") == 3:
                with contextlib.suppress(ValueError):
                    yield ipaddress.IPv4Address(address.strip())


def _left_by_docker(machine: Machine, interface: str) -> bool:
    """Return whether the bridge belongs to an engine that was killed.

    Docker reuses the bridge when it starts. Interfaces of dead containers can still be attached to
    it, so the name decides, not the number of its ports.
    """
    bridge = (machine.root / f"sys/class/net/{interface}/brif").is_dir()
    return not machine.docker.running and bridge and DOCKER_BRIDGE.match(interface) is not None


def routes(machine: Machine) -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    """Yield interface and network of the IPv4 routes, without those that refuse packets."""
    return read_routes(machine.read("proc/net/route"))


CHECKS = (
    Check("ports", ports, CARRIER),
    Check("networks", networks, CARRIER),
)
