"""Nodes of a cluster as a short table."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import condition

ROLE = "node-role.kubernetes.io/"


def node_summary(node: dict) -> dict:
    """Return a short description of a node: ``{name, ready, schedulable, version, address, roles, ...}``."""
    metadata, status = node["metadata"], node.get("status") or {}
    info = status.get("nodeInfo") or {}
    ready = condition(node, "Ready")
    return {
        "name": metadata["name"],
        "ready": ready.get("status") == "True",
        "reason": "" if ready.get("status") == "True" else ready.get("message", "no status yet"),
        "schedulable": not (node.get("spec") or {}).get("unschedulable", False),
        "version": info.get("kubeletVersion", ""),
        "address": address(node),
        "roles": sorted(
            label[len(ROLE) :] for label in metadata.get("labels") or {} if label.startswith(ROLE)
        ),
        "os_image": info.get("osImage", ""),
        "container_runtime": info.get("containerRuntimeVersion", ""),
        "labels": metadata.get("labels") or {},
        "taints": (node.get("spec") or {}).get("taints") or [],
    }


def address(node: dict) -> str:
    """Return the node's internal address, or any other address when it has none."""
    found = {
        entry["type"]: entry["address"]
        for entry in (node.get("status") or {}).get("addresses") or []
    }
    return found.get("InternalIP") or found.get("ExternalIP") or found.get("Hostname") or ""
