"""Evaluate rules of iptables for a packet of a container host."""

from __future__ import annotations

import ipaddress
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Rules = Mapping[str, Sequence[Sequence[str]]]

REFUSING = ("DROP", "REJECT")
POLICY = "-P"
# The target of a rule follows its last match.
ENDS = ("-j", "-g", POLICY)
# Options that only load a match or explain a rule, and take one word.
WITHOUT_MEANING = ("-m", "--match", "--comment", "--reject-with")
# Docker's own chains have rules for each network, and those of a new lab are not there yet.
OF_DOCKER, FOR_ADMINISTRATORS = "DOCKER", "DOCKER-USER"


@dataclass(frozen=True)
class Packet:
    """The first packet of a TCP connection from a container host.

    Args:
        source: The network of the hosts.
        interface: The bridge on which it arrives.
        address: Its destination; ``None`` for any address of the world.
        port: Its port.
    """

    source: ipaddress.IPv4Network
    interface: str
    address: ipaddress.IPv4Address | None
    port: int


def parse_rules(text: str) -> dict[str, list[list[str]]]:
    """Return the rules by chain, a policy as the last rule.

    Args:
        text: The output of ``iptables -S``.
    """
    chains: dict[str, list[list[str]]] = {}
    policies: dict[str, list[str]] = {}
    for line in text.splitlines():
        words = shlex.split(line)
        if words[:1] == [POLICY]:
            policies[words[1]] = [POLICY, words[2]]
        elif words[:1] == ["-A"]:
            chains.setdefault(words[1], []).append(words[2:])
    for chain, policy in policies.items():
        chains.setdefault(chain, []).append(policy)
    return chains


def refusing_rule(rules: Rules, chain: str, packet: Packet) -> str:
    """Return the rule that surely refuses a packet; empty when it may pass.

    Args:
        rules: The rules by chain.
        chain: The chain to begin with. A policy of ``FORWARD`` does not count, because Docker accepts packets of its
            networks.
        packet: The packet.
    """
    verdict = _verdict(rules, chain, packet)
    return "" if verdict in ("", "ACCEPT") else verdict


def _verdict(rules: Rules, chain: str, packet: Packet) -> str:
    """Return ``ACCEPT``, the rule that refuses the packet, or an empty text when the chain ends without a verdict."""
    for words in rules.get(chain, ()):
        fits = _fits(words, packet)
        if fits is False:
            continue
        target = next((words[at + 1] for at, word in enumerate(words) if word in ENDS), "")
        if target == "RETURN" and fits:
            return ""
        found = _verdict_of_target(rules, chain, words, target, packet)
        if fits and found:
            return found
        if found and target not in REFUSING:
            return "ACCEPT"  # a rule that cannot be evaluated may accept the packet
    return ""


def _verdict_of_target(
    rules: Rules, chain: str, words: Sequence[str], target: str, packet: Packet
) -> str:
    is_policy = words[0] == POLICY
    if chain == "FORWARD" and is_policy or target in ("ACCEPT", "RETURN"):
        return "ACCEPT"
    if target in REFUSING:
        return shlex.join([POLICY, chain, target] if is_policy else ["-A", chain, *words])
    if target.startswith(OF_DOCKER) and target != FOR_ADMINISTRATORS:
        return "ACCEPT"
    return _verdict(rules, target, packet)


def _fits(words: Sequence[str], packet: Packet) -> bool | None:
    """Return whether a rule matches the packet; ``None`` when Slipway cannot evaluate it."""
    unknown, negated, at = False, False, 0
    while at < len(words):
        word, value = words[at], words[at + 1] if at + 1 < len(words) else ""
        at += 1 if word == "!" else 2
        if word == "!":
            negated = True
            continue
        if word in ENDS:
            break
        fits = True if word in WITHOUT_MEANING else _matches(word, value, packet)
        if fits is None:
            unknown = True
        elif fits == negated:
            return False
        negated = False
    return None if unknown else True


def _matches(option: str, value: str, packet: Packet) -> bool | None:
    if option == "-i":
        return (
            packet.interface.startswith(value[:-1])
            if value.endswith("+")
            else packet.interface == value
        )
    if option == "-p":
        return value in ("tcp", "all")
    if option in ("--ctstate", "--state"):
        return "NEW" in value.split(",")
    if option in ("--dport", "--dports"):
        return any(_has_port(part, packet.port) for part in value.split(","))
    if option == "-s":
        network = ipaddress.IPv4Network(value, strict=False)
        return packet.source.subnet_of(network) or (
            None if packet.source.overlaps(network) else False
        )
    if option == "-d":
        network = ipaddress.IPv4Network(value, strict=False)
        return packet.address in network if packet.address else network.prefixlen == 0
    return None


def _has_port(part: str, port: int) -> bool:
    first, _, last = part.partition(":")
    return int(first or 0) <= port <= int(last or first or 65535)
