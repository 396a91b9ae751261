"""Parse the probes and hooks of a container."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import PortSpec


def parse_probes(
    probes: dict, ports: list[PortSpec], errors: ValidationErrors, path: str
) -> dict[str, dict]:
    """Return the probes that are given, each with the port that it connects to."""
    return {
        name: _parse_probe(probe, ports, errors, f"{path}.{name}")
        for name, probe in probes.items()
        if probe
    }


def parse_hooks(
    hooks: dict, ports: list[PortSpec], errors: ValidationErrors, path: str
) -> dict[str, dict]:
    """Return the hooks that are given, each with the port of its request."""
    parsed = {}
    for name, hook in hooks.items():
        if hook and hook.get("sleep") is not None:
            check.at_least(errors, f"{path}.{name}.sleep", hook["sleep"], 1)
        if hook and hook.get("http") is not None:
            hook = {**hook, "port": _port(hook.get("port"), ports, errors, f"{path}.{name}")}
        if hook:
            parsed[name] = hook
    return parsed


def _parse_probe(probe: dict, ports: list[PortSpec], errors: ValidationErrors, path: str) -> dict:
    if probe.get("http") is not None:
        return {**probe, "port": _port(probe.get("port"), ports, errors, path)}
    if probe.get("exec") is not None:
        return probe
    if probe.get("grpc") is not None:
        return {**probe, "grpc": check.port(errors, path, probe["grpc"])}
    return {**probe, "tcp": _port(probe.get("tcp"), ports, errors, path)}


def _port(value: Any, ports: list[PortSpec], errors: ValidationErrors, path: str) -> int | str:
    if value in (None, True):
        if not ports:
            errors.add(path, "needs a port: the container declares none")
            return 0
        return ports[0].target
    if isinstance(value, str) and not value.isdigit():
        if value not in [port.name for port in ports]:
            errors.add(path, f"{value!r} is not a port of this container")
        return value
    return check.port(errors, path, value)
