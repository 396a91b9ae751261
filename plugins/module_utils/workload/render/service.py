"""Ports of an application and what exposes them: Service and Ingress."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube import validation as check
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.pod import (
    NAME_LABEL,
    object_labels,
    without_none,
)

SHORT = re.compile(r"(?:(\d+):)?(\d+)(?:/(tcp|udp|sctp))?", re.IGNORECASE)
PORT_KEYS = {"name", "port", "container_port", "node_port", "protocol"}
PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?")


def parse_ports(values: list | None, problems: ValidationErrors, where: str) -> list[dict]:
    """Ports as ``[{"name", "port", "target", "protocol", "node_port"}]``.

    Takes ``8080``, ``"80:8080"`` (service:container), ``"53/udp"`` or a mapping with PORT_KEYS.
    """
    result = []
    for index, value in enumerate(values or []):
        entry = _parse_port(value, problems, f"{where}[{index}]")
        if entry:
            result.append(entry)
    for field in ("name", "node_port"):
        _unique(result, lambda e, f=field: e[f], field, problems, where)
    _unique(result, lambda e: (e["port"], e["protocol"]), "port", problems, where)
    return result


def _unique(entries: list[dict], key, what: str, problems: ValidationErrors, where: str) -> None:
    seen = set()
    for entry in entries:
        value = key(entry)
        if value is not None and value in seen:
            shown = "/".join(map(str, value)) if isinstance(value, tuple) else value
            problems.add(where, f"{what} {shown} is given twice")
        seen.add(value)


def _parse_port(value: Any, problems: ValidationErrors, where: str) -> dict | None:
    if isinstance(value, dict):
        unknown = set(value) - PORT_KEYS
        if unknown:
            problems.add(
                where,
                f"unknown: {', '.join(sorted(map(str, unknown)))}; known: "
                f"{', '.join(sorted(PORT_KEYS))}",
            )
        if value.get("container_port") is None and value.get("port") is None:
            problems.add(where, "needs container_port")
            return None
        given = value
    else:
        match = SHORT.fullmatch(str(value).strip()) if not isinstance(value, bool) else None
        if not match:
            problems.add(
                where, f"{value!r} is no port; write 8080, '80:8080', '53/udp' or a mapping"
            )
            return None
        given = {"port": match[1], "container_port": match[2], "protocol": match[3]}
    target = check.port(problems, where, given.get("container_port") or given["port"])
    protocol = str(given.get("protocol") or "TCP").upper()
    if protocol not in ("TCP", "UDP", "SCTP"):
        problems.add(where, f"protocol {protocol!r} is none of TCP, UDP, SCTP")
    front = check.port(problems, where, given["port"]) if given.get("port") else target
    node_port = given.get("node_port")
    if node_port is not None:
        node_port = check.port(problems, f"{where}.node_port", node_port)
    name = given.get("name") or f"{protocol.lower()}-{front}"
    if not PORT_NAME.fullmatch(str(name)):
        problems.add(
            f"{where}.name",
            f"{name!r} is no port name: at most 15 of lower case letters, digits and '-'",
        )
    return {
        "name": name,
        "port": front,
        "target": target,
        "protocol": protocol,
        "node_port": node_port,
    }


def service(app: dict, ports: list[dict]) -> dict | None:
    """The Service; None without ports or with ``service_type: none``."""
    kind = service_type(app)
    if kind == "none" or (not ports and kind != "Headless"):
        return None
    spec = {
        "type": "ClusterIP" if kind == "Headless" else kind,
        "selector": {NAME_LABEL: app["name"]},
        "ports": [
            without_none(
                {
                    "name": entry["name"],
                    "port": entry["port"],
                    "targetPort": entry["target"],
                    "protocol": entry["protocol"],
                    "nodePort": entry["node_port"],
                }
            )
            for entry in ports
        ],
    }
    if kind == "Headless":
        spec["clusterIP"] = "None"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": app["name"],
            "namespace": app["namespace"],
            "labels": object_labels(app),
        },
        "spec": spec,
    }


def service_type(app: dict) -> str:
    """The declared type, else what suits the kind."""
    if app.get("service_type"):
        return app["service_type"]
    if app["kind"] in ("Job", "CronJob"):
        return "none"
    return "Headless" if app["kind"] == "StatefulSet" else "ClusterIP"


def ingress(app: dict, ports: list[dict]) -> dict:
    """The Ingress in front of the first port."""
    given = app["ingress"]
    backend = {
        "service": {"name": app["name"], "port": {"number": ports[0]["port"] if ports else 0}}
    }
    rule = without_none(
        {
            "host": given.get("host"),
            "http": {
                "paths": [
                    {"path": given["path"], "pathType": given["path_type"], "backend": backend}
                ]
            },
        }
    )
    metadata = without_none(
        {
            "name": app["name"],
            "namespace": app["namespace"],
            "labels": object_labels(app),
            "annotations": given.get("annotations"),
        }
    )
    tls = given.get("tls_secret")
    hosts = [given["host"]] if given.get("host") else []
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata,
        "spec": without_none(
            {
                "ingressClassName": given.get("class_name"),
                "rules": [rule],
                "tls": [{"secretName": tls, **({"hosts": hosts} if hosts else {})}]
                if tls
                else None,
            }
        ),
    }
