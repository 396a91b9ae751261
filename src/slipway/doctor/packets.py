"""The way of packets between container hosts, this machine and the world."""

from __future__ import annotations

import ipaddress
import re
import subprocess

from slipway.doctor.checks import CARRIER, Check
from slipway.doctor.docker_settings import SETTINGS, read_settings
from slipway.doctor.findings import Finding, error, ok, warning
from slipway.doctor.machine import Machine
from slipway.doctor.network import CHECKS as NETWORK_CHECKS
from slipway.doctor.network import bridge_of_hosts, lab_ports, routes, subnet
from slipway.doctor.packet_filter import Packet, parse_rules, refusing_rule
from slipway.doctor.sources import CHECKS as SOURCE_CHECKS

# A rule that accepts packets from a network, in the files of ufw.
ACCEPTED = re.compile(r"^-A ufw\S*-input .*-s (\S+) .*-j ACCEPT", re.MULTILINE)
# Docker may use either of the last two; the first is one of them, or the only one.
IPTABLES = ("iptables", "iptables-nft", "iptables-legacy")
NO_CHAIN = 1
HTTPS = 443
UFW_RULES = ("etc/ufw/user.rules", "etc/ufw/before.rules")


def forwarding(machine: Machine) -> Finding:
    """Check that packets of container hosts leave this machine."""
    if (machine.project.cache / "offline").exists():
        return ok("not needed: hosts install packages from the bundle")
    # The daemon turns it on when it starts, and something else turned it off since.
    runs = machine.docker.running or machine.docker.denied
    if runs and machine.read("proc/sys/net/ipv4/ip_forward").strip() == "0":
        return error(
            "IPv4 forwarding is off, so container hosts reach no package server",
            "sudo sysctl -w net.ipv4.ip_forward=1, and find what turns it off: grep -r ip_forward /etc/sysctl*",
        )
    has_ipv4 = any(network.prefixlen < 2 for _, network in routes(machine))
    if not has_ipv4 and has_ipv6_only(machine):
        return warning(
            "this machine reaches the world only over IPv6, and container hosts only over IPv4",
            "give it an IPv4 address, or set lab_hosts_apt_mirror to a server with a private IPv4 address",
        )
    return ok("on" if runs else "the engine turns it on")


def has_ipv6_only(machine: Machine) -> bool:
    """Return whether there is a default route of IPv6. Source: proc/net/ipv6_route of the kernel."""
    rows = (line.split() for line in machine.read("proc/net/ipv6_route").splitlines())
    return any(row[:2] == ["0" * 32, "00"] and row[-1] != "lo" for row in rows)


def firewall(machine: Machine) -> Finding:
    """Check that container hosts reach the mirror on this machine, and the world through it."""
    if read_settings(machine).get("iptables") is False:
        return warning(
            f'Docker writes no firewall rules ("iptables": false in /{SETTINGS})',
            f"remove the setting, or masquerade packets of {subnet(machine)} by rules of your own",
        )
    if has_lost_rules(machine):
        return error(
            "another program has removed Docker's rules, so no container can be connected to a network",
            "sudo systemctl restart docker, which writes them again and restarts containers",
        )
    if ufw_drops(machine) and not ufw_accepts(machine, subnet(machine)):
        return warning(
            "ufw drops packets from container hosts to the mirror on this machine",
            f"sudo ufw allow from {subnet(machine)}",
        )
    return refused_way(machine) or ok("no rule is known that separates hosts and mirror")


def refused_way(machine: Machine) -> Finding | None:
    """Return a warning about a rule that refuses packets of container hosts, as far as root can see the rules."""
    if machine.uid:
        return None
    mirror, hosts, bridge = (
        next(lab_ports(machine), None),
        subnet(machine),
        bridge_of_hosts(machine),
    )
    ways = [("FORWARD", "the world", Packet(hosts, bridge, None, HTTPS))]
    if mirror:
        address = ipaddress.IPv4Address(mirror.address)
        packet = Packet(hosts, bridge, address, mirror.number)
        ways.insert(0, ("INPUT", "the mirror on this machine", packet))
    for tool in dict.fromkeys(filter(None, map(machine.which, IPTABLES))):
        listed = subprocess.run([tool, "-S"], capture_output=True, text=True, check=False)
        rules = parse_rules(listed.stdout)
        for chain, goal, packet in ways:
            if rule := refusing_rule(rules, chain, packet):
                name = tool.rpartition("/")[2]
                return warning(
                    f"a rule of {name} keeps container hosts from {goal}: {rule}",
                    f"sudo {name} -I {rule.split()[1]} -s {hosts} -j ACCEPT",
                )
    return None


def has_lost_rules(machine: Machine) -> bool:
    """Return whether a running engine's rules are gone, as far as root can see them.

    A restart of nftables or iptables removes the rules of others, and Docker writes its own ones only when it starts.
    """
    pid = machine.read("var/run/docker.pid").strip()
    runs_here = pid.isdigit() and machine.read(f"proc/{pid}/comm").strip() == "dockerd"
    if machine.uid or not runs_here or "firewall-backend" in read_settings(machine):
        return False
    tools = filter(None, map(machine.which, IPTABLES))
    answers = [
        subprocess.run([tool, "-n", "-L", "DOCKER"], capture_output=True, check=False).returncode
        for tool in tools
    ]
    return bool(answers) and all(code == NO_CHAIN for code in answers)


def ufw_drops(machine: Machine) -> bool:
    """Return whether ufw is on, and drops what no rule accepts."""
    enabled = re.search(r"^ENABLED=[\"']?yes", machine.read("etc/ufw/ufw.conf"), re.MULTILINE)
    policy = re.search(
        r"^DEFAULT_INPUT_POLICY=[\"']?(\w+)", machine.read("etc/default/ufw"), re.MULTILINE
    )
    return bool(enabled) and (policy[1] if policy else "DROP") != "ACCEPT"


def ufw_accepts(machine: Machine, wanted: ipaddress.IPv4Network) -> bool:
    """Return whether a rule of ufw accepts packets from a network, as far as this user can read the rules."""
    for path in UFW_RULES:
        for source in ACCEPTED.findall(machine.read(path)):
            try:
                if wanted.subnet_of(ipaddress.IPv4Network(source, strict=False)):
                    return True
            except ValueError:
                continue  # a single address of another form, or a negation
    return False


CHECKS = (
    *SOURCE_CHECKS,
    *NETWORK_CHECKS,
    Check("forwarding", forwarding, CARRIER),
    Check("firewall", firewall, CARRIER),
)
