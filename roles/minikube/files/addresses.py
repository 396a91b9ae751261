"""Bring packets for the addresses of LoadBalancer Services to the nodes of a Minikube cluster.

Usage: addresses.py [--check] [--known] up|down PROFILE [NETWORK]

MetalLB answers for the addresses in the network of the nodes, a bridge of this host's Docker. The host reaches a part
of this network already. To any other NETWORK, this program adds a route over the bridge. If an interface of the host
is in a network that contains NETWORK, the host also answers there for the addresses (proxy ARP) and forwards their
packets. Without NETWORK, it is a part of the nodes' network. Prints JSON: the network, and what was changed or, with
--check, would be changed. --known skips the question whether an address is in use.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import socket
import subprocess
import sys
import time
from contextlib import suppress

# Marks the routes that are Slipway's.
PROTOCOL = "213"
CHAIN = "DOCKER-USER"
# The last address of the nodes' network is its broadcast address, so its last part is left out.
PART, FROM_END = 28, -2
LARGEST = 24
SECONDS = 1.5


class AddressError(Exception):
    """The addresses cannot be used. The text names the cause and the next step."""


def run(*command: str) -> str:
    """Run a command and return its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AddressError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def read(*command: str) -> list[dict]:
    """Run a command that prints a list in JSON."""
    return json.loads(run(*command) or "[]")


class Nodes:
    """The network of the nodes.

    Args:
        found: Its description by Docker.
    """

    def __init__(self, found: dict):
        options = found.get("Options") or {}
        self.bridge = options.get("com.docker.network.bridge.name") or f"br-{found['Id'][:12]}"
        subnets = [one["Subnet"] for one in found["IPAM"]["Config"] if ":" not in one["Subnet"]]
        if not subnets:
            raise AddressError("the network of the nodes has no IPv4 addresses")
        self.subnet = ipaddress.ip_network(subnets[0])
        self.used = {
            one["IPv4Address"].partition("/")[0]: one["Name"]
            for one in (found.get("Containers") or {}).values()
            if one.get("IPv4Address")
        }

    def part(self) -> ipaddress.IPv4Network:
        """Return the addresses that Docker gives to nodes last."""
        if self.subnet.prefixlen > PART - 2:
            raise AddressError(
                f"the network of the nodes ({self.subnet}) is too small for addresses of Services. Set "
                "minikube_load_balancer_addresses to an unused network"
            )
        return list(self.subnet.subnets(new_prefix=PART))[FROM_END]


def choose(text: str, nodes: Nodes) -> ipaddress.IPv4Network:
    """Return the network of the addresses.

    Args:
        text: As declared. Empty means a part of the nodes' network.
        nodes: The network of the nodes.
    """
    if not text:
        return nodes.part()
    network = ipaddress.IPv4Network(text)
    if network.prefixlen < LARGEST:
        raise AddressError(f"{network} is too large. Use at most 256 addresses (/{LARGEST})")
    within = network.subnet_of(nodes.subnet)
    if network.overlaps(nodes.subnet) and not within:
        raise AddressError(f"{network} contains the network of the nodes ({nodes.subnet})")
    if within and nodes.subnet.broadcast_address in network:
        raise AddressError(f"{network} contains the broadcast address of the nodes' network")
    return network


def interfaces() -> list[dict]:
    """Return the interfaces of this host with their addresses."""
    return read("ip", "-json", "-4", "address", "show")


def outside(network: ipaddress.IPv4Network, bridge: str, found: list[dict]) -> str:
    """Return the interface in whose network the addresses are; empty when there is none.

    Args:
        network: The addresses.
        bridge: The bridge of the nodes.
        found: The interfaces of this host.
    """
    for one in found:
        for address in one["addr_info"]:
            there = ipaddress.ip_network(f"{address['local']}/{address['prefixlen']}", strict=False)
            if one["ifname"] != bridge and there.prefixlen < 32 and network.subnet_of(there):
                return str(one["ifname"])
    return ""


def own_addresses(found: list[dict]) -> dict[str, str]:
    """Return the addresses of this host, from its interfaces."""
    return {
        address["local"]: f"this host ({one['ifname']})"
        for one in found
        for address in one["addr_info"]
    }


def answering(network: ipaddress.IPv4Network, interface: str) -> dict[str, str]:
    """Return the addresses for which a machine answers in the network of an interface.

    Args:
        network: The addresses to ask for.
        interface: The interface of this host.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        for address in network:
            # The kernel asks for the address before it sends. What is sent goes to the port "discard".
            with suppress(OSError):
                asking.sendto(b"", (str(address), 9))
    time.sleep(SECONDS)
    return {
        one["dst"]: f"the machine {one['lladdr']} at {interface}"
        for one in read("ip", "-json", "-4", "neigh", "show", "dev", interface)
        if one.get("lladdr") and ipaddress.ip_address(one["dst"]) in network
    }


def refuse_used(network: ipaddress.IPv4Network, used: dict[str, str]) -> None:
    """Refuse addresses that another machine or this host has."""
    found = [
        f"{address} ({owner})"
        for address, owner in used.items()
        if ipaddress.ip_address(address) in network
    ]
    if found:
        raise AddressError(
            f"addresses of {network} are in use: {', '.join(sorted(found)[:3])}. "
            "Set minikube_load_balancer_addresses to an unused network. Nothing was changed"
        )


class Way:
    """The way of packets from this host, and from the network of an interface, to the nodes.

    Args:
        bridge: The bridge of the nodes.
        check: Whether nothing is changed.

    The attribute ``changes`` has a line for each change.
    """

    def __init__(self, bridge: str, check: bool):
        self.changes: list[str] = []
        self._bridge = bridge
        self._check = check

    def networks(self) -> list[ipaddress.IPv4Network]:
        """Return the networks to which there is a route of Slipway."""
        routes = read("ip", "-json", "-4", "route", "show", "proto", PROTOCOL, "dev", self._bridge)
        # A single address is written without its length.
        return [ipaddress.ip_network(one["dst"]) for one in routes]

    def add(self, network: ipaddress.IPv4Network, interface: str) -> None:
        """Add what is missing."""
        if network not in self.networks():
            route = ("ip", "route", "add", str(network), "dev", self._bridge, "proto", PROTOCOL)
            self._do(f"route {network} to the nodes", *route)
        if not interface:
            return
        answered = self._answered(interface)
        for address in network:
            if str(address) not in answered:
                neighbour = ("ip", "neigh", "add", "proxy", str(address), "dev", interface)
                self._do(f"answer for {address} at {interface}", *neighbour)
        if self._has_chain() and not self._forwards(network, interface):
            self._do(f"forward {network}", "iptables", "-I", CHAIN, *self._rule(network, interface))

    def remove(self, network: ipaddress.IPv4Network, interface: str) -> None:
        """Remove what there is."""
        route = ("ip", "route", "delete", str(network), "dev", self._bridge, "proto", PROTOCOL)
        self._do(f"no route {network}", *route)
        if not interface:
            return
        answered = self._answered(interface)
        for address in network:
            if str(address) in answered:
                neighbour = ("ip", "neigh", "delete", "proxy", str(address), "dev", interface)
                self._do(f"do not answer for {address}", *neighbour)
        if self._has_chain() and self._forwards(network, interface):
            rule = self._rule(network, interface)
            self._do(f"do not forward {network}", "iptables", "-D", CHAIN, *rule)

    def _do(self, text: str, *command: str) -> None:
        self.changes.append(text)
        if not self._check:
            run(*command)

    def _answered(self, interface: str) -> set[str]:
        shown = run("ip", "-4", "neigh", "show", "proxy", "dev", interface)
        return {line.split()[0] for line in shown.splitlines() if line.strip()}

    def _rule(self, network: ipaddress.IPv4Network, interface: str) -> tuple[str, ...]:
        return ("-i", interface, "-o", self._bridge, "-d", str(network), "-j", "ACCEPT")

    def _forwards(self, network: ipaddress.IPv4Network, interface: str) -> bool:
        with suppress(AddressError):
            run("iptables", "-C", CHAIN, *self._rule(network, interface))
            return True
        return False

    def _has_chain(self) -> bool:
        with suppress(AddressError):
            run("iptables", "-n", "-L", CHAIN)
            return True
        return False


def inspect(profile: str) -> Nodes | None:
    """Return the network of a profile's nodes; None when there is none."""
    try:
        return Nodes(json.loads(run("docker", "network", "inspect", profile))[0])
    except AddressError as error:
        if "not found" in str(error):
            return None
        raise


def up(way: Way, nodes: Nodes, declared: str, known: bool) -> ipaddress.IPv4Network:
    """Make the addresses reachable, and return their network."""
    network = choose(declared, nodes)
    before = way.networks()
    found = interfaces()
    interface = outside(network, nodes.bridge, found)
    if network not in before:
        refuse_used(network, {**nodes.used, **own_addresses(found)})
        if interface and not known:
            refuse_used(network, answering(network, interface))
    for old in before:
        if old != network:
            way.remove(old, outside(old, nodes.bridge, found))
    if not network.subnet_of(nodes.subnet):
        way.add(network, interface)
    return network


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--known", action="store_true")
    parser.add_argument("action", choices=["up", "down"])
    parser.add_argument("profile")
    parser.add_argument("network", nargs="?", default="")
    given = parser.parse_args(arguments)
    network = ""
    changes: list[str] = []
    try:
        nodes = inspect(given.profile)
        if nodes is None and given.action == "up":
            raise AddressError(f"the profile {given.profile} has no network of Docker")
        if nodes is not None:
            way = Way(nodes.bridge, given.check)
            changes = way.changes
            if given.action == "up":
                network = str(up(way, nodes, given.network, given.known))
            else:
                found = interfaces()
                for old in way.networks():
                    way.remove(old, outside(old, nodes.bridge, found))
    except (AddressError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps({"network": network, "changes": changes}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
