"""Find a Service of the lab's cluster, and the addresses under which this machine reaches it."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from typing import Any

from slipway.errors import UsageError
from slipway.lab.cluster import read_objects
from slipway.lab.project import Project

SECURE = (443, 8443)
SECONDS = 1.0


def find_service(project: Project, name: str, namespace: str | None) -> dict[str, Any]:
    """Return the only Service of a name.

    Args:
        project: The lab.
        name: ``NAME`` or ``NAMESPACE/NAME``.
        namespace: Where to look. By default everywhere.

    Raises:
        UsageError: No Service has the name, or several do.
        ClusterError: The cluster does not answer.
    """
    services = {
        full_name(one): one for one in read_objects(project, "services", "--all-namespaces")
    }
    found = [
        full
        for full, one in services.items()
        if name in (full, one["metadata"]["name"])
        and namespace in (None, one["metadata"]["namespace"])
    ]
    if len(found) == 1:
        return services[found[0]]
    if found:
        raise UsageError(f"{name!r} names several Services: {', '.join(found)}", "add --namespace")
    raise UsageError(f"there is no Service {name!r}", f"available: {', '.join(services) or 'none'}")


def full_name(service: Mapping[str, Any]) -> str:
    """Return the name of a Service with its namespace."""
    return f"{service['metadata']['namespace']}/{service['metadata']['name']}"


def tcp_ports(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the ports that can be forwarded.

    Raises:
        UsageError: There is none.
    """
    ports = service["spec"].get("ports") or []
    found = [one for one in ports if one.get("protocol", "TCP") == "TCP"]
    if not found:
        raise UsageError(f"the Service {full_name(service)} has no TCP port")
    return found


def balancer_urls(service: Mapping[str, Any]) -> list[str]:
    """Return the URLs at an address of a load balancer; empty unless all ports answer there.

    Args:
        service: The Service.
    """
    ports = tcp_ports(service)
    given = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    for address in [one.get("ip") or one.get("hostname") for one in given]:
        if address and all(_answers(address, port["port"]) for port in ports):
            return [url(port, address, port["port"]) for port in ports]
    return []


def node_urls(service: Mapping[str, Any], addresses: Iterable[str]) -> list[str]:
    """Return the URLs of node ports that hosts publish; empty unless all ports are published.

    Args:
        service: The Service.
        addresses: Addresses of the hosts.
    """
    ports = tcp_ports(service)
    for address in addresses:
        if all(port.get("nodePort") and _answers(address, port["nodePort"]) for port in ports):
            return [url(port, address, port["nodePort"]) for port in ports]
    return []


def url(port: Mapping[str, Any], address: str, number: int) -> str:
    """Return the URL of a port: HTTPS by its number or by its name."""
    secure = port["port"] in SECURE or str(port.get("name", "")).startswith("https")
    host = f"[{address}]" if ":" in address else address
    return f"{'https' if secure else 'http'}://{host}:{number}/"


def _answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), SECONDS).close()
    except OSError:
        return False
    return True
