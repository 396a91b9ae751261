"""Choose the network of a new lab."""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

# The second number differs, so labs also have different addresses on loopback (127.213.0.1 for the page of the first).
# A VPN of a company often takes all of 10.0.0.0/8, so other networks follow.
CANDIDATES = tuple(
    ipaddress.IPv4Network(form.format(number))
    for form in ("10.{}.0.0/24", "192.168.{}.0/24")
    for number in range(213, 255)
)
LARGEST_PRIVATE = 8
REJECT = 0x200  # flag of a route that refuses packets


class NoNetworkError(SlipwayError):
    """All networks are in use."""


def recorded_subnet(path: Path) -> str:
    """Return the network that a lab has got; empty if none is recorded.

    Args:
        path: The file in the state of the lab.
    """
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["subnet"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def free_subnets(taken: Iterable[ipaddress.IPv4Network]) -> Iterator[str]:
    """Yield the networks that a new lab can get.

    Args:
        taken: Networks that this machine reaches already, without the default route.
    """
    used = list(taken)
    for one in CANDIDATES:
        if not any(one.overlaps(other) for other in used):
            yield str(one)


def read_routes(text: str) -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    """Yield interface and network of the IPv4 routes, without those that refuse packets.

    Args:
        text: The content of ``/proc/net/route``.
    """
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 7 and fields[0] != "*" and not int(fields[3], 16) & REJECT:
            mask = bin(int(fields[7], 16)).count("1")
            address = ipaddress.IPv4Address(bytes.fromhex(fields[1])[::-1])
            yield fields[0], ipaddress.IPv4Network(f"{address}/{mask}", strict=False)


def used_networks(text: str) -> Iterator[ipaddress.IPv4Network]:
    """Yield the networks that this machine reaches, without the default route.

    Args:
        text: The content of ``/proc/net/route``.
    """
    return (network for _, network in read_routes(text) if not is_default(network))


def uplink_mtu(text: str, interfaces: Path) -> int:
    """Return the size of the packets, in bytes, that this machine sends to the world; 0 without a default route.

    Args:
        text: The content of ``/proc/net/route``.
        interfaces: The directory ``/sys/class/net``.
    """
    sizes = []
    for name, network in read_routes(text):
        if is_default(network):
            with contextlib.suppress(OSError, ValueError):
                sizes.append(int((interfaces / name / "mtu").read_text(encoding="ascii")))
    return min(sizes, default=0)


def is_default(network: ipaddress.IPv4Network) -> bool:
    """Return whether a route is the default route, or a part of one.

    A VPN that takes all traffic replaces the default route by 0.0.0.0/1 and 128.0.0.0/1, so that the
    former one stays. No private network is larger than /8.

    Args:
        network: Destination of the route.
    """
    return network.prefixlen < LARGEST_PRIVATE
