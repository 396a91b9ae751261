"""One look at an application: its state, pods, endpoints, events, recent logs, use of resources."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import BATCH_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    is_ready,
    matches,
    seconds_since,
    template_of,
    without_server_fields,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.debug_info import (
    event_entry,
    event_time,
    log_text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import (
    FailureThresholds,
    pod_failure_reason,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import (
    desired_replicas,
    rollout_status,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.service_probe import (
    SERVICE_LABEL,
    ready_addresses,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.lookup import pods_of

MAX_EVENTS = 20
METRICS = "/apis/metrics.k8s.io/v1beta1"


def pod_summary(pod: dict) -> dict:
    """What a person asks of a pod."""
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


def describe_workload(client: KubeClient, workload: dict, log_lines: int) -> dict:
    """Everything about one workload. Parts that the server refuses are empty."""
    namespace = workload["metadata"]["namespace"]
    root = f"/api/v1/namespaces/{path_segment(namespace)}"
    labels = _template_labels(workload)
    pods, services, slices, events, autoscalers, metrics = (
        _or_empty(answer)
        for answer in client.parallel(
            lambda read: read(),
            [
                lambda: pods_of(client, workload),
                lambda: client.list_all(f"{root}/services")[0],
                lambda: client.list_all(
                    f"/apis/discovery.k8s.io/v1/namespaces/{path_segment(namespace)}/endpointslices"
                )[0],
                lambda: client.list_all(f"{root}/events")[0],
                lambda: client.list_all(
                    f"/apis/autoscaling/v2/namespaces/{path_segment(namespace)}/horizontalpodautoscalers"
                )[0],
                # whoever serves it may be on a node that is dead
                lambda: client.get_once(f"{METRICS}/namespaces/{path_segment(namespace)}/pods").get(
                    "items"
                ),
            ],
        )
    )
    summaries = [pod_summary(pod) for pod in pods]
    _add_logs(client, namespace, summaries, log_lines)
    _add_use(summaries, metrics)
    uids = {workload["metadata"]["uid"], *(pod["metadata"]["uid"] for pod in pods)}
    progress = rollout_status(workload)
    return {
        "kind": workload["kind"],
        "namespace": namespace,
        "name": workload["metadata"]["name"],
        "ready": progress.done,
        "state": progress.text,
        "replicas": desired_replicas(workload) if workload["kind"] not in BATCH_KINDS else None,
        "images": [c["image"] for c in template_of(workload)["spec"]["containers"]],
        "conditions": [
            {k: entry.get(k, "") for k in ("type", "status", "reason", "message")}
            for entry in (workload.get("status") or {}).get("conditions") or []
        ],
        "pods": summaries,
        "services": [
            _service(service, slices)
            for service in services
            if matches({"matchLabels": service["spec"].get("selector")}, labels)
            and service["spec"].get("selector")
        ],
        "autoscaler": _autoscaler(autoscalers, workload),
        "events": [
            event_entry(event)
            for event in sorted(events, key=event_time)
            if (event.get("involvedObject") or {}).get("uid") in uids
        ][-MAX_EVENTS:],
        "object": without_server_fields(workload),
    }


def _or_empty(answer) -> list:
    return [] if isinstance(answer, KubeError) else answer or []


def _template_labels(workload: dict) -> dict:
    return (template_of(workload).get("metadata") or {}).get("labels") or {}


def _service(service: dict, slices: list[dict]) -> dict:
    spec, name = service["spec"], service["metadata"]["name"]
    mine = [s for s in slices if (s["metadata"].get("labels") or {}).get(SERVICE_LABEL) == name]
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
        "ready_addresses": ready_addresses(mine),
    }


def _autoscaler(autoscalers: list[dict], workload: dict) -> dict | None:
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


def _add_logs(client: KubeClient, namespace: str, pods: list[dict], lines: int) -> None:
    work = [(pod, c["name"]) for pod in pods for c in pod["containers"]] if lines else []

    def read(item):
        pod, container = item
        return log_text(client, namespace, pod["name"], container, lines)

    for (pod, container), text in zip(work, client.parallel(read, work), strict=True):
        pod.setdefault("logs", {})[container] = (
            [] if isinstance(text, KubeError) else text.rstrip("\n").splitlines()
        )


def _add_use(pods: list[dict], metrics: list[dict]) -> None:
    """Use of resources where a metrics API answers."""
    use = {item["metadata"]["name"]: item.get("containers") or [] for item in metrics}
    for pod in pods:
        if pod["name"] in use:
            pod["use"] = {c["name"]: c.get("usage") or {} for c in use[pod["name"]]}
