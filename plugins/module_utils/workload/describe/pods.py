"""Describe the pods of a workload."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    is_ready,
    seconds_since,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.debug_info import log_text
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
    pod_failure_reason,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.related import (
    warn_of_refusals,
)


def pod_summary(pod: dict) -> dict:
    """Return name, place, state, containers and problem of a pod."""
    status, metadata = pod.get("status") or {}, pod["metadata"]
    states = status.get("containerStatuses") or []
    cause = pod_failure_reason(pod, FailureThresholds())
    return {
        "name": metadata["name"],
        "node": (pod.get("spec") or {}).get("nodeName", ""),
        "address": status.get("podIP", ""),
        "phase": "Terminating" if metadata.get("deletionTimestamp") else status.get("phase", ""),
        "ready": is_ready(pod),
        "restarts": sum(state.get("restartCount", 0) for state in states),
        "containers": [
            {
                "name": state["name"],
                "image": state.get("image", ""),
                "image_id": state.get("imageID", ""),
                "ready": state.get("ready", False),
            }
            for state in states
        ],
        "problem": f"{cause.reason}: {cause.message}" if cause else "",
        "seconds_old": round(seconds_since(metadata.get("creationTimestamp"))),
    }


def add_logs(client: KubeClient, namespace: str, summaries: list[dict], lines: int) -> None:
    """Add the last lines of the log of each container to the summaries of pods.

    Args:
        client: Sends the requests.
        namespace: The namespace of the pods.
        summaries: The results of pod_summary. A log that cannot be read is empty.
        lines: The number of lines; 0 adds no logs.
    """
    work = [(pod, c["name"]) for pod in summaries for c in pod["containers"]] if lines else []
    texts = client.parallel(
        lambda item: log_text(client, namespace, item[0]["name"], item[1], lines), work
    )
    warn_of_refusals(texts)
    for (pod, container), text in zip(work, texts):
        pod.setdefault("logs", {})[container] = (
            [] if isinstance(text, KubeError) else text.rstrip("\n").splitlines()
        )


def add_use(summaries: list[dict], metrics: list[dict]) -> None:
    """Add the use of resources to the summaries of pods that have metrics."""
    use = {item["metadata"]["name"]: item.get("containers") or [] for item in metrics}
    for pod in summaries:
        if pod["name"] in use:
            pod["use"] = {c["name"]: c.get("usage") or {} for c in use[pod["name"]]}
