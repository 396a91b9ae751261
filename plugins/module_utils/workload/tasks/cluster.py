"""Describe a cluster: the work of the ``cluster_info`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.nodes import node_summary
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import INITIAL_PATIENCE


def read_cluster(module) -> dict:
    """Return the state of the cluster; an error becomes its ``reason``."""
    result = {
        "reachable": False,
        "reason": "",
        "host": "",
        "version": "",
        "ready": False,
        "nodes": [],
    }
    try:
        client = KubeClient(module.params, patience=INITIAL_PATIENCE)
        result["host"] = client.host
        result["version"] = client.get("/version").get("gitVersion", "")
        result["reachable"] = True
        nodes, _ = client.list_all("/api/v1/nodes")
        result["nodes"] = sorted(map(node_summary, nodes), key=lambda node: node["name"])
        result["ready"] = bool(nodes) and all(node["ready"] for node in result["nodes"])
    except KubeError as error:
        result["reason"] = str(error)
    return result
