"""Cordon, drain and label a node: the work of the ``node`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.drain_filters import filter_pods
from ansible_collections.slipway.lab.plugins.module_utils.kube.drain import evict
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.nodes import node_summary
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster
from ansible_collections.slipway.lab.plugins.module_utils.workload.parse.node import (
    check_node_options,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.node_patch import (
    node_patch,
    write_node,
)


class NodeTask:
    """One run of the module.

    Args:
        params: The parameters of the module.
        check: Whether the run only predicts its changes.
    """

    def __init__(self, params: dict, check: bool = False):
        self._params = params
        self._check = check

    def run(self) -> dict:
        """Bring the node to the declared state.

        Returns:
            The result of the module.

        Raises:
            KubeError: The node does not exist or cannot be drained, and nothing was changed; or
                pods remained at the deadline.
        """
        params = self._params
        check_node_options(params)
        cluster = Cluster.connect(params, "node", self._check)
        path = f"/api/v1/nodes/{path_segment(params['name'])}"
        node = self._read(cluster, path)
        before, is_patched = _view(node), bool(node_patch(node, params))
        evicted, kept = self._pods_to_evict(cluster)
        if is_patched:
            node = write_node(cluster, path, node, params)
        if evicted and not self._check:
            self._evict(cluster, evicted, is_patched)
        return {
            "changed": is_patched or bool(evicted),
            "evicted": [f"{p['metadata']['namespace']}/{p['metadata']['name']}" for p in evicted],
            "kept": kept,
            "node": node_summary(node),
            "diff": {"before": before, "after": _view(node)},
        }

    def _evict(self, cluster: Cluster, pods: list[dict], is_patched: bool) -> None:
        grace = self._params.get("grace_period")
        try:
            evict(cluster.client, pods, grace, cluster.deadline, cluster.progress)
        except KubeError as error:
            error.result["changed"] = is_patched or bool(error.result.get("changed"))
            raise

    def _read(self, cluster: Cluster, path: str) -> dict:
        node = cluster.client.get_or_none(path)
        if node is None:
            names = [n["metadata"]["name"] for n in cluster.client.list_all("/api/v1/nodes")[0]]
            raise KubeError(
                f"node {self._params['name']} does not exist; choose one of: {', '.join(names)}"
            )
        return node

    def _pods_to_evict(self, cluster: Cluster) -> tuple[list[dict], list[str]]:
        if self._params.get("state") != "drained":
            return [], []
        name = self._params["name"]
        pods, _ = cluster.client.list_all("/api/v1/pods", fieldSelector=f"spec.nodeName={name}")
        evicted, kept, refused = filter_pods(pods, self._params)
        if refused and not self._params["keep_pods"]:
            raise KubeError(
                f"node {name} was not drained, nothing was changed:\n" + "\n".join(refused)
            )
        return evicted, kept + refused


def manage_node(module) -> dict:
    """Bring the node of a module to its declared state."""
    return NodeTask(module.params, module.check_mode).run()


def _view(node: dict) -> dict:
    shown = node_summary(node)
    return {name: shown[name] for name in ("schedulable", "labels", "taints")}
