"""Render the Service and the Ingress of an application."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    NAME_LABEL,
    metadata,
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec


def render_service(app: AppSpec) -> dict | None:
    """Return the Service, or None without ports or with ``service_type: none``."""
    kind = app.service_type
    if kind == "none" or (not app.ports and kind != "Headless"):
        return None
    spec = {
        "type": "ClusterIP" if kind == "Headless" else kind,
        "selector": {NAME_LABEL: app.name},
        "ports": [
            without_none(
                {
                    "name": entry.name,
                    "port": entry.port,
                    "targetPort": entry.target,
                    "protocol": entry.protocol,
                    "nodePort": entry.node_port,
                }
            )
            for entry in app.ports
        ],
    }
    if kind == "Headless":
        spec["clusterIP"] = "None"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(app, annotations=app.service_annotations),
        "spec": spec,
    }


def render_ingress(app: AppSpec) -> dict | None:
    """Return the Ingress in front of the first port, or None."""
    given = app.ingress
    if not given:
        return None
    backend = {"service": {"name": app.name, "port": {"number": app.ports[0].port}}}
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
    tls = given.get("tls_secret")
    hosts = [given["host"]] if given.get("host") else []
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(app, annotations=given.get("annotations")),
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
