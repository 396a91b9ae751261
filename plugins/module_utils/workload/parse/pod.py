"""Parse what runs in the pods of an application: environment, volumes, resources and probes."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import PortSpec

ENV_SOURCES = ({"secret", "key"}, {"config", "key"}, {"field"})


def check_env(values: dict, errors: ValidationErrors, path: str) -> None:
    """Check environment variables: text, or a reference to its source."""
    for name, value in values.items():
        if not isinstance(name, str) or not check.ENV_NAME.fullmatch(name):
            errors.add(path, f"{name!r} is not a valid name of an environment variable")
        if isinstance(value, list) or value is None:
            errors.add(f"{path}.{name}", f"{value!r} is not text; quote it or leave it out")
        if isinstance(value, dict) and set(value) not in ENV_SOURCES:
            errors.add(
                f"{path}.{name}",
                "give a text, {secret: NAME, key: KEY}, {config: NAME, key: KEY} or {field: PATH}",
            )


def check_data(values: dict | None, errors: ValidationErrors, path: str) -> None:
    """Check keys and values of a ConfigMap or a Secret."""
    for name, value in (values or {}).items():
        if not check.CONFIG_KEY.fullmatch(str(name)):
            errors.add(path, f"{name!r} is not a valid key: letters, digits, '-', '_' and '.'")
        if isinstance(value, (dict, list)) or value is None:
            errors.add(f"{path}.{name}", "is not text; use the to_json or to_yaml filter")


def check_resources(resources: dict, errors: ValidationErrors, path: str) -> None:
    """Check the amounts of requests and limits."""
    for part, amounts in resources.items():
        for name, amount in (amounts or {}).items():
            check.quantity(errors, f"{path}.{part}.{name}", amount)


def check_volumes(given: dict, errors: ValidationErrors, path: str) -> None:
    """Check names, paths and sources of all volumes and mounts."""
    seen_names, seen_mounts = set(), set()
    if given.get("config_mount"):
        seen_names.add("config")
        seen_mounts.add(given["config_mount"])
    if given.get("secrets_mount"):
        seen_names.add("secrets")
        seen_mounts.add(given["secrets_mount"])
    for option in ("config_mount", "secrets_mount"):
        if given.get(option) and not given[option].startswith("/"):
            errors.add(f"{path}.{option}", f"{given[option]!r} is not an absolute path")
    for index, volume in enumerate(given.get("volumes") or []):
        place = f"{path}.volumes[{index}]"
        check.label_name(errors, f"{place}.name", volume["name"])
        if volume["name"] in seen_names:
            errors.add(f"{place}.name", f"volume {volume['name']} is given twice")
        if volume["mount"] in seen_mounts:
            errors.add(f"{place}.mount", f"{volume['mount']} is mounted twice")
        if not volume["mount"].startswith("/"):
            errors.add(f"{place}.mount", f"{volume['mount']!r} is not an absolute path")
        if volume.get("size"):
            check.quantity(errors, f"{place}.size", volume["size"])
        for option in ("storage_class", "access_mode"):
            if volume.get(option) and not volume.get("size"):
                errors.add(f"{place}.{option}", "needs size: it describes a new claim")
        seen_names.add(volume["name"])
        seen_mounts.add(volume["mount"])


def parse_probes(
    probes: dict, ports: list[PortSpec], errors: ValidationErrors, path: str
) -> dict[str, dict]:
    """Return the probes that are given, each with the port that it connects to."""
    return {
        name: _parse_probe(probe, ports, errors, f"{path}.{name}")
        for name, probe in probes.items()
        if probe
    }


def _parse_probe(probe: dict, ports: list[PortSpec], errors: ValidationErrors, path: str) -> dict:
    if probe.get("http") is not None:
        return {**probe, "port": _probe_port(probe.get("port"), ports, errors, path)}
    if probe.get("exec") is not None:
        return probe
    if probe.get("grpc") is not None:
        return {**probe, "grpc": check.port(errors, path, probe["grpc"])}
    return {**probe, "tcp": _probe_port(probe.get("tcp"), ports, errors, path)}


def _probe_port(
    value: Any, ports: list[PortSpec], errors: ValidationErrors, path: str
) -> int | str:
    if value in (None, True):
        if not ports:
            errors.add(path, "needs a port: the application declares none")
            return 0
        return ports[0].target
    if isinstance(value, str) and not value.isdigit():
        if value not in [port.name for port in ports]:
            errors.add(path, f"{value!r} is not a port of this application")
        return value
    return check.port(errors, path, value)
