"""Describe a workload: its state, pods, Services, autoscaler and events."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import BATCH_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    template_of,
    without_server_fields,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.debug_info import (
    event_entry,
    event_time,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.rollout import (
    desired_replicas,
    rollout_status,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.pods import (
    add_logs,
    add_use,
    pod_summary,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.related import (
    RelatedObjects,
    read_related,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.describe.services import (
    autoscaler_summary,
    selects,
    service_summary,
)

MAX_EVENTS = 20


def describe_workload(client: KubeClient, workload: dict, log_lines: int) -> dict:
    """Return the description of a workload.

    Args:
        client: Sends the requests.
        workload: The workload.
        log_lines: The number of log lines for each container.

    Returns:
        The description. Parts that the API server refuses are empty.
    """
    related = read_related(client, workload)
    pods = [pod_summary(pod) for pod in related.pods]
    add_logs(client, workload["metadata"]["namespace"], pods, log_lines)
    add_use(pods, related.metrics)
    return {
        **_state(workload),
        "pods": pods,
        "services": [
            service_summary(service, related.slices)
            for service in related.services
            if selects(service, workload)
        ],
        "autoscaler": autoscaler_summary(related.autoscalers, workload),
        "events": _events(workload, related),
        "object": without_server_fields(workload),
    }


def _state(workload: dict) -> dict:
    status = rollout_status(workload)
    return {
        "kind": workload["kind"],
        "namespace": workload["metadata"]["namespace"],
        "name": workload["metadata"]["name"],
        "ready": status.done,
        "state": status.text,
        "replicas": desired_replicas(workload) if workload["kind"] not in BATCH_KINDS else None,
        "images": [c["image"] for c in template_of(workload)["spec"]["containers"]],
        "conditions": [
            {k: entry.get(k, "") for k in ("type", "status", "reason", "message")}
            for entry in (workload.get("status") or {}).get("conditions") or []
        ],
    }


def _events(workload: dict, related: RelatedObjects) -> list[dict]:
    """Return the latest events of the workload and of its pods."""
    uids = {workload["metadata"]["uid"], *(pod["metadata"]["uid"] for pod in related.pods)}
    return [
        event_entry(event)
        for event in sorted(related.events, key=event_time)
        if (event.get("involvedObject") or {}).get("uid") in uids
    ][-MAX_EVENTS:]
