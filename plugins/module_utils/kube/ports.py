"""Ports that a container has twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import kind_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.variables import containers_of


def drop_repeated_ports(objects: list[dict]) -> list[str]:
    """Keep the first of several container ports with one number and protocol, in all objects of a chart.

    The API server accepts such a list from other clients, and refuses it in a server-side apply. Services of the
    chart and the container's own probes and hooks that name a dropped port get its number. Ports with different host
    ports stay, because each of them has an effect.

    Args:
        objects: The objects. They change.

    Returns:
        What was given twice.
    """
    found: list[str] = []
    numbers: dict[str, set[int]] = {}
    for obj in objects:
        for container in containers_of(obj):
            dropped = _dropped(container)
            for name, number in dropped.items():
                numbers.setdefault(name, set()).add(number)
                found.append(f"port {name} of the container {container.get('name')}")
            for action in _actions(container):
                _give_number(action, "port", dropped)
    known = {name: next(iter(one)) for name, one in numbers.items() if len(one) == 1}
    for obj in objects:
        for port in _service_ports(obj):
            _give_number(port, "targetPort", known)
    return [f"{one} has the number of an earlier one and was left out" for one in found]


def _dropped(container: dict) -> dict[str, int]:
    """Take repeated ports from a container; return their names and numbers."""
    ports = container.get("ports")
    if not isinstance(ports, list) or not all(isinstance(port, dict) for port in ports):
        return {}
    kept: dict[tuple, dict] = {}
    dropped = {}
    for port in ports:
        key = port.get("containerPort"), port.get("protocol") or "TCP"
        first = kept.setdefault(key, port)
        if first is port:
            continue
        if first.get("hostPort") != port.get("hostPort"):
            return {}
        dropped[port.get("name") or str(key[0])] = key[0]
    container["ports"] = list(kept.values())
    return dropped


def _give_number(entry: Any, field: str, numbers: dict[str, int]) -> None:
    name = entry.get(field) if isinstance(entry, dict) else None
    if isinstance(name, str) and name in numbers:
        entry[field] = numbers[name]


def _service_ports(obj: dict) -> list:
    spec = obj.get("spec") if kind_of(obj) == "Service" else None
    return (spec.get("ports") or []) if isinstance(spec, dict) else []


def _actions(container: dict) -> Iterator[Any]:
    """Yield the requests of a container's probes and hooks."""
    lifecycle = container.get("lifecycle")
    hooks = list(lifecycle.values()) if isinstance(lifecycle, dict) else []
    probes = [container.get(f"{name}Probe") for name in ("readiness", "liveness", "startup")]
    for handler in [*probes, *hooks]:
        if isinstance(handler, dict):
            yield from (handler.get("httpGet"), handler.get("tcpSocket"))
