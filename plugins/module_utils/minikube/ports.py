"""Ports of the control-plane node that the engine publishes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.slipway.lab.plugins.module_utils.common.addresses import url_host
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError

PORT = re.compile(
    r"^(?:(?:(?P<ip>\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]):)?(?P<host>\d*):)?(?P<port>\d+)(?:/(?P<protocol>tcp|udp|sctp))?$"
)


# A published port as (address, host port, PORT/PROTOCOL). The address is empty for all addresses of the host.
PublishedPort = tuple[str, str, str]


@dataclass(frozen=True)
class Port:
    """A port of the control-plane node that is published on the host."""

    port: int
    protocol: str = "tcp"
    ip: str = ""
    host_port: int | None = None

    @property
    def published(self) -> PublishedPort:
        """Return it as the engine shows it. Without a fixed host port, that is empty."""
        address = "" if self.ip == "0.0.0.0" else self.ip
        return (address, str(self.host_port or ""), f"{self.port}/{self.protocol}")

    def __str__(self) -> str:
        """Return it as ``docker run --publish`` takes it."""
        where = f"{url_host(self.ip)}:" if self.ip else ""
        fixed = "" if self.host_port is None else str(self.host_port)
        prefix = f"{where}{fixed}:" if where or fixed else ""
        return f"{prefix}{self.port}" + ("" if self.protocol == "tcp" else f"/{self.protocol}")


def port_texts(ports: Iterable[PublishedPort]) -> list[str]:
    """Return published ports as texts, sorted."""
    return [":".join(filter(None, port)) for port in sorted(ports)]


def parse_port(text: str) -> Port:
    """Return a port written as [[IP:][HOST_PORT]:]PORT[/PROTOCOL], with an IPv6 address in brackets.

    Raises:
        SpecError: The port is written in another way or outside 1..65535.
    """
    match = PORT.match(str(text))
    numbers = [int(n) for n in (match["port"], match["host"]) if n] if match else []
    if not match or any(not 1 <= n <= 65535 for n in numbers):
        raise SpecError(
            f"ports: {text!r} is not valid; write [[IP:][HOST_PORT]:]NODE_PORT[/tcp|udp|sctp] with ports 1-65535, "
            "for example 127.0.0.1:8443:8443"
        )
    address = (match["ip"] or "").strip("[]")
    if address:
        parse_address("ports", address)
    host = int(match["host"]) if match["host"] else None
    return Port(int(match["port"]), match["protocol"] or "tcp", address, host)


def parse_address(option: str, text: str) -> str:
    """Return an IP address in its normal form.

    Raises:
        SpecError: The text is not an IP address.
    """
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise SpecError(f"{option}: {text!r} is not a valid IP address") from None
