"""Describe the Services and the autoscaler of a workload."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    matches,
    template_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    SERVICE_LABEL,
    ready_addresses,
)


def selects(service: dict, workload: dict) -> bool:
    """Return whether a Service sends requests to the pods of a workload."""
    selector = service["spec"].get("selector")
    labels = (template_of(workload).get("metadata") or {}).get("labels") or {}
    return bool(selector) and matches({"matchLabels": selector}, labels)


def service_summary(service: dict, slices: list[dict]) -> dict:
    """Return type, addresses and ports of a Service.

    Args:
        service: The Service.
        slices: The EndpointSlices of its namespace.
    """
    spec, name = service["spec"], service["metadata"]["name"]
    own = [s for s in slices if (s["metadata"].get("labels") or {}).get(SERVICE_LABEL) == name]
    return {
        "name": name,
        "type": spec.get("type", "ClusterIP"),
        "cluster_ip": spec.get("clusterIP", ""),
        "ports": [
            {
                "port": port["port"],
                "node_port": port.get("nodePort"),
                "protocol": port.get("protocol", "TCP"),
            }
            for port in spec.get("ports") or []
        ],
        "ready_addresses": ready_addresses(own),
    }


def autoscaler_summary(autoscalers: list[dict], workload: dict) -> dict | None:
    """Return bounds and numbers of the autoscaler of a workload, or None."""
    for item in autoscalers:
        target, status = item["spec"]["scaleTargetRef"], item.get("status") or {}
        if (target["kind"], target["name"]) == (workload["kind"], workload["metadata"]["name"]):
            return {
                "min": item["spec"].get("minReplicas", 1),
                "max": item["spec"]["maxReplicas"],
                "current": status.get("currentReplicas", 0),
                "desired": status.get("desiredReplicas", 0),
            }
    return None
