"""A program that writes down what happens to pods, their addresses and nodes, when it is seen: one JSON object a line.

Runs beside a lesson (action plugin pod_watch). Arguments: kubeconfig, namespace, file.
"""

from __future__ import annotations

import json
import queue
import sys
import time
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_ready
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import Watch


def pod_entry(pod: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a pod."""
    status, metadata = pod.get("status") or {}, pod["metadata"]
    states = status.get("containerStatuses") or []
    return {
        "pod": metadata["name"],
        "node": (pod.get("spec") or {}).get("nodeName", ""),
        "started": any((state.get("state") or {}).get("running") for state in states),
        "ready": is_ready(pod),
        "restarts": sum(state.get("restartCount", 0) for state in states),
        "deleting": bool(metadata.get("deletionTimestamp")),
    }


def slice_entry(piece: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of an EndpointSlice: the pods that get requests."""
    names = [
        (endpoint.get("targetRef") or {}).get("name", "")
        for endpoint in piece.get("endpoints") or []
        if (endpoint.get("conditions") or {}).get("ready") is not False
    ]
    return {"slice": piece["metadata"]["name"], "pods": names}


def node_entry(node: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a node."""
    return {
        "of_node": node["metadata"]["name"],
        "ready": is_ready(node),
    }


def main() -> None:
    """Watch until ended."""
    kubeconfig, namespace, target = sys.argv[1:]
    client = KubeClient({"kubeconfig": kubeconfig})
    root = f"/api/v1/namespaces/{path_segment(namespace)}"
    discovery = f"/apis/discovery.k8s.io/v1/namespaces/{path_segment(namespace)}"
    events: queue.Queue = queue.Queue()
    for path in (f"{root}/pods", f"{root}/events", f"{discovery}/endpointslices", "/api/v1/nodes"):
        Watch(client, path, events, path.rpartition("/")[2]).start()
    with open(target, "w", encoding="utf-8") as stream:
        while True:
            event = events.get()
            if event.kind == "FAILED":
                sys.exit(str(event.value))
            for item in event.value if event.kind == "LIST" else [event.value]:
                if event.tag == "pods":
                    entry = {**pod_entry(item), "gone": event.kind == "DELETED"}
                elif event.tag == "endpointslices":
                    entry = {**slice_entry(item), "gone": event.kind == "DELETED"}
                elif event.tag == "nodes":
                    entry = node_entry(item)
                elif event.kind == "ADDED":
                    entry = {"event": item["reason"], "about": item["involvedObject"].get("name")}
                else:
                    continue
                entry |= {"at": time.time(), "listed": event.kind == "LIST"}
                stream.write(json.dumps(entry) + "\n")
            stream.flush()


if __name__ == "__main__":
    main()
