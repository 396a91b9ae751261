"""Collect the facts that explain a failure: events, last log lines, the pod's claims."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    seconds_since,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.failures import FailureReason

EVENTS = 6
LOG_LINES = 10
LINE_LENGTH = 400
# The kubelet's answer, as if it were a line of the log, for a container that it has removed meanwhile.
NO_LOG = "unable to retrieve container logs for "


def event_time(event: dict) -> str:
    """Return the time of the last occurrence of an event, from the old or the new field."""
    series = event.get("series") or {}
    return (
        series.get("lastObservedTime")
        or event.get("lastTimestamp")
        or event.get("eventTime")
        or (event.get("metadata") or {}).get("creationTimestamp")
        or ""
    )


def event_entry(event: dict) -> dict:
    """Return an event as results show it."""
    subject = event.get("involvedObject") or {}
    return {
        "type": event.get("type", ""),
        "reason": event.get("reason", ""),
        "message": " ".join((event.get("message") or "").split())[:LINE_LENGTH],
        "count": (event.get("series") or {}).get("count") or event.get("count") or 1,
        "seconds_ago": round(max(0.0, seconds_since(event_time(event))), 1),
        "object": f"{subject.get('kind')}/{subject.get('name')}",
    }


def events_of(
    client: KubeClient, namespace: str, limit: int = EVENTS, **selector: str
) -> list[dict]:
    """Return the latest events of an object, oldest first; ``selector`` are fields of involvedObject."""
    fields = ",".join(f"involvedObject.{name}={value}" for name, value in selector.items())
    try:
        found, _ = client.list_all(
            f"/api/v1/namespaces/{path_segment(namespace)}/events", fieldSelector=fields
        )
    except KubeError:
        return []
    return [event_entry(event) for event in sorted(found, key=event_time)[-limit:]]


def log_text(
    client: KubeClient, namespace: str, pod: str, container: str, lines: int, **query: Any
) -> str:
    """Return the last lines of a container.

    Raises:
        KubeError: Its node did not return them in time.
    """
    path = f"/api/v1/namespaces/{path_segment(namespace)}/pods/{path_segment(pod)}/log"
    return client.get_text_once(path, container=container, tailLines=lines, **query)


def log_tail(
    client: KubeClient, namespace: str, pod: str, container: str, previous: bool
) -> list[str]:
    """Return the last lines of a container, or of its previous run when it crashed."""
    for attempt in [{"previous": True}, {}] if previous else [{}]:
        try:
            text = log_text(client, namespace, pod, container, LOG_LINES, **attempt)
        except KubeError:
            continue
        if text.strip() and not text.startswith(NO_LOG):
            return [line[:LINE_LENGTH] for line in text.rstrip().splitlines()]
    return []


def collect_debug_info(
    client: KubeClient,
    key: ObjectRef,
    cause: FailureReason,
    progress: str,
    pod: dict | None,
    waited: str,
) -> dict:
    """Return the debug information of a failed object, as results show it."""
    events, logs = [], []
    if pod:
        events = events_of(client, key.namespace, uid=pod["uid"])
        for claim in pod["claims"]:
            events += events_of(client, key.namespace, 2, kind="PersistentVolumeClaim", name=claim)
        if cause.container and (cause.crashed or cause.patience is None):
            logs = log_tail(client, key.namespace, pod["name"], cause.container, cause.crashed)
        elif cause.reason == "Unhealthy" and pod["containers"]:
            logs = log_tail(client, key.namespace, pod["name"], pod["containers"][0], False)
    elif key.namespace:
        events = events_of(client, key.namespace, 3, kind=key.kind, name=key.name)
    return {
        "kind": key.kind,
        "namespace": key.namespace,
        "name": key.name,
        "reason": cause.reason,
        "message": " ".join(cause.message.split()),
        "progress": progress,
        "waited": waited,
        "pod": pod["name"] if pod else "",
        "node": pod["node"] if pod else "",
        "container": cause.container,
        "image": cause.image,
        "events": events,
        "logs": logs,
        "next_step": cause.next_step,
    }


def text(found: dict) -> str:
    """Return a failure as text."""
    where = f"{found['namespace']}/{found['name']}" if found["namespace"] else found["name"]
    lines = [f"{found['kind']} {where}: {found['reason']}{found['waited']}: {found['message']}"]
    place = [
        f"{label} {found[field]}"
        for label, field in (
            ("pod", "pod"),
            ("container", "container"),
            ("image", "image"),
            ("node", "node"),
        )
        if found[field]
    ]
    if place:
        lines.append("  in " + ", ".join(place))
    if found["progress"]:
        lines.append(f"  state: {found['progress']}")
    if found["events"]:
        lines.append("  events:")
        lines += [
            f"    {entry['seconds_ago']:.0f} s ago  {entry['reason']}: {entry['message']}"
            for entry in found["events"]
        ]
    if found["logs"]:
        lines.append("  last log lines:")
        lines += [f"    {line}" for line in found["logs"]]
    if found["next_step"]:
        lines.append(f"  next: {found['next_step']}")
    return "\n".join(lines)
