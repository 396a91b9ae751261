"""Parse the ports of an application."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import PortSpec

SHORT = re.compile(r"(?:(\d+):)?(\d+)(?:/(tcp|udp|sctp))?", re.IGNORECASE)
PORT_KEYS = {"name", "port", "container_port", "node_port", "protocol"}
UNIQUE = {
    "name": lambda port: port.name,
    "node_port": lambda port: port.node_port,
    "port": lambda port: f"{port.port}/{port.protocol}",
}
PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")


def parse_ports(
    values: list | None, errors: ValidationErrors, path: str, taken: Sequence[PortSpec] = ()
) -> list[PortSpec]:
    """Return the ports that a list declares.

    Args:
        values: Each is ``8080``, ``"80:8080"`` (service:container), ``"53/udp"`` or a mapping with
            PORT_KEYS.
        errors: Collects the mistakes.
        path: The place of the list in the task, for the messages.
        taken: Ports of other containers in front of which is the same Service.
    """
    result = []
    for index, value in enumerate(values or []):
        given = _read_port(value, errors, f"{path}[{index}]")
        if given:
            result.append(_parse_port(given, errors, f"{path}[{index}]"))
    for what, value_of in UNIQUE.items():
        seen = {value_of(port) for port in taken}
        for value in map(value_of, result):
            if value is not None and value in seen:
                errors.add(path, f"{what} {value} is given twice")
            seen.add(value)
    return result


def _read_port(value: Any, errors: ValidationErrors, path: str) -> dict | None:
    """Return the fields of a port as they were given, or None when there is no number."""
    if isinstance(value, dict):
        unknown = set(value) - PORT_KEYS
        if unknown:
            errors.add(
                path,
                f"unknown: {', '.join(sorted(map(str, unknown)))}; known: "
                f"{', '.join(sorted(PORT_KEYS))}",
            )
        if value.get("container_port") is None and value.get("port") is None:
            errors.add(path, "needs container_port")
            return None
        return value
    match = SHORT.fullmatch(str(value).strip()) if not isinstance(value, bool) else None
    if not match:
        errors.add(
            path, f"{value!r} is not a valid port; write 8080, '80:8080', '53/udp' or a mapping"
        )
        return None
    return {"port": match[1], "container_port": match[2], "protocol": match[3]}


def _parse_port(given: dict, errors: ValidationErrors, path: str) -> PortSpec:
    target = check.port(errors, path, given.get("container_port") or given["port"])
    protocol = str(given.get("protocol") or "TCP").upper()
    if protocol not in ("TCP", "UDP", "SCTP"):
        errors.add(path, f"protocol {protocol!r} is none of TCP, UDP, SCTP")
    front = check.port(errors, path, given["port"]) if given.get("port") else target
    node_port = given.get("node_port")
    if node_port is not None:
        node_port = check.port(errors, f"{path}.node_port", node_port)
    name = given.get("name") or f"{protocol.lower()}-{front}"
    if not PORT_NAME.fullmatch(str(name)):
        errors.add(
            f"{path}.name",
            f"{name!r} is not a valid port name: at most 15 of lower case letters, digits and '-'",
        )
    return PortSpec(name, front, target, protocol, node_port)
