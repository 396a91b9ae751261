"""Services of a cluster as a short table."""

from __future__ import annotations

HEADLESS = "None"


def service_summary(service: dict) -> dict:
    """Return the addresses of a Service.

    Returns:
        ``{namespace, name, type, cluster_ip, external, ports}``. ``external`` has the addresses of the load balancer;
        ``ports`` has ``{name, port, node_port, protocol}``, where ``node_port`` can be ``None``.
    """
    metadata, spec = service["metadata"], service.get("spec") or {}
    balancer = (service.get("status") or {}).get("loadBalancer") or {}
    external = [
        entry.get("ip") or entry.get("hostname", "") for entry in balancer.get("ingress") or []
    ]
    if spec.get("type") == "ExternalName":
        external = [spec.get("externalName", "")]
    address = spec.get("clusterIP") or ""
    return {
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "type": spec.get("type", "ClusterIP"),
        "cluster_ip": "" if address == HEADLESS else address,
        "external": external,
        "ports": [
            {
                "name": port.get("name", ""),
                "port": port["port"],
                "node_port": port.get("nodePort"),
                "protocol": port.get("protocol", "TCP"),
            }
            for port in spec.get("ports") or []
        ],
    }
