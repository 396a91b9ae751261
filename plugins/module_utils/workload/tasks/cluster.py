"""Describe a cluster: the work of the ``cluster_info`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.nodes import node_summary
from ansible_collections.slipway.lab.plugins.module_utils.kube.pods import pod_counts
from ansible_collections.slipway.lab.plugins.module_utils.kube.retry import INITIAL_PATIENCE
from ansible_collections.slipway.lab.plugins.module_utils.kube.services import service_summary


def read_cluster(module) -> dict:
    """Return the state of the cluster; an error becomes its ``reason``.

    With the option ``workloads``, the result has the pods by namespace and the Services too.
    """
    result = {
        "reachable": False,
        "reason": "",
        "host": "",
        "version": "",
        "ready": False,
        "nodes": [],
        **({"namespaces": [], "services": []} if module.params.get("workloads") else {}),
    }
    try:
        client = KubeClient(module.params, patience=INITIAL_PATIENCE)
        result["host"] = client.host
        result["version"] = client.get("/version").get("gitVersion", "")
        result["reachable"] = True
        nodes, _ = client.list_all("/api/v1/nodes")
        result["nodes"] = sorted(map(node_summary, nodes), key=lambda node: node["name"])
        result["ready"] = bool(nodes) and all(node["ready"] for node in result["nodes"])
        if module.params.get("workloads"):
            pods, _ = client.list_all("/api/v1/pods")
            services, _ = client.list_all("/api/v1/services")
            result["namespaces"] = pod_counts(pods)
            result["services"] = sorted(
                map(service_summary, services), key=lambda one: (one["namespace"], one["name"])
            )
    except KubeError as error:
        result["reason"] = str(error)
    return result
