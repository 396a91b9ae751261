"""Find the cause why an object cannot succeed: pure functions of a status.

A cause belongs to a class, and each class has its own patience: a tag that does not exist will not
appear, while a registry that timed out may answer the next time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    condition,
    is_observed,
    is_outdated,
    kind_of,
    seconds_since,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.status.pull_errors import (
    pull_is_final,
)

# seconds that a cause may last before it counts, by class; 0 is "until the deadline", and crashes is a number.
# An autoscaler adds nodes and volumes are provisioned within minutes, so both only count at the deadline.
FAIL_AFTER = {
    "pull": 60,
    "config": 5,
    "schedule": 0,
    "volume": 0,
    "create": 10,
    "probe": 0,
    "crashes": 2,
}
AT_ONCE = -1.0
# seconds of a run after which the kubelet forgets earlier crashes
LONG_RUN = 600

PULL_FAILED = re.compile(r'Failed to pull image "([^"]*)": (.*)', re.DOTALL)
PULL = ("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable")
CONFIG = ("CreateContainerConfigError", "CreatePodSandboxError")
VOLUME = ("FailedMount", "FailedAttachVolume", "ProvisioningFailed", "FailedBinding")
SANDBOX = "FailedCreatePodSandBox"
# The kubelet's reason for a container that was lost with its node: no process failed.
LOST_CONTAINER = "ContainerStatusUnknown"
BEFORE_CONTAINERS = (*VOLUME, SANDBOX)
EVENT_REASONS = ("FailedCreate", "Unhealthy", *BEFORE_CONTAINERS)
NOT_STARTED = ("ContainerCreating", "PodInitializing")
START = ("CreateContainerError", "RunContainerError", "StartError", "ContainerCannotRun")

NEXT = {
    "ErrImagePull": "check the image's name and tag, and that the nodes reach and may read the "
    "registry",
    "ImagePullBackOff": "check the image's name and tag, and that the nodes reach and may read "
    "the registry",
    "InvalidImageName": "write the image as REGISTRY/NAME:TAG",
    "ErrImageNeverPull": "load the image onto the nodes, or change image_pull_policy",
    "CrashLoopBackOff": "read the log above; the process ends by itself",
    "Error": "read the log above; the process ends by itself",
    "OOMKilled": "raise resources.limits.memory, or make the process use less",
    "CreateContainerConfigError": "make the ConfigMap or Secret, or correct the key",
    "RunContainerError": "check command and args against what is in the image",
    "StartError": "check command and args against what is in the image",
    "CreateContainerError": "check volumes, command and security_context",
    "Unschedulable": "ask for less (resources.requests), add nodes, or relax node_selector, "
    "affinity and taints",
    "FailedCreate": "raise the quota or correct what admission refuses",
    "ProgressDeadlineExceeded": "see the events; progress_deadline is the time without progress",
    "PersistentVolumeClaimPending": "see the claim's events; name a storage_class that the "
    "cluster has",
    "FailedMount": "check that the volume's source exists",
    "BlockedByOldPod": "delete this pod; the StatefulSet makes it again from its current revision",
    "Unhealthy": "check the probe's path and port, and how long the process takes to start",
}


class FailureReason(NamedTuple):
    """A reason for a failure.

    Attributes:
        patience: Seconds that it may last; AT_ONCE for none, None for "until the deadline".
    """

    reason: str
    message: str
    patience: float | None
    container: str = ""
    image: str = ""
    crashed: bool = False

    @property
    def next_step(self) -> str:
        """Return the next step for the user; can be empty."""
        return NEXT.get(self.reason, "")


@dataclass(frozen=True)
class FailureThresholds:
    """The time that each class of cause may last; see FAIL_AFTER."""

    pull: float = FAIL_AFTER["pull"]
    config: float = FAIL_AFTER["config"]
    schedule: float = FAIL_AFTER["schedule"]
    volume: float = FAIL_AFTER["volume"]
    create: float = FAIL_AFTER["create"]
    probe: float = FAIL_AFTER["probe"]
    crashes: int = FAIL_AFTER["crashes"]


def pod_failure_reason(pod: dict, thresholds: FailureThresholds) -> FailureReason | None:
    """Return the cause why a pod of the current revision does not become ready, or None."""
    status = pod.get("status") or {}
    if pod["metadata"].get("deletionTimestamp") or status.get("phase") == "Succeeded":
        return None
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False" and scheduled.get("reason") in (
        "Unschedulable",
        "SchedulerError",
    ):
        message = scheduled.get("message", "")
        if "persistentvolumeclaim" in message.lower():
            patience = thresholds.volume or None
            return FailureReason("PersistentVolumeClaimPending", message, patience)
        return FailureReason(scheduled["reason"], message, thresholds.schedule or None)
    if status.get("phase") == "Failed" and status.get("reason"):
        return FailureReason(status["reason"], status.get("message", ""), thresholds.create)
    images = {entry["name"]: entry.get("image", "") for entry in _containers(pod)}
    for state in _states(pod):
        cause = _container_cause(state, thresholds)
        if cause:
            return cause._replace(container=state["name"], image=images.get(state["name"], ""))
    return None


def blocked_by(pod: dict, reason: FailureReason) -> FailureReason:
    """Return the cause of a rollout that waits for a failed pod of an older revision.

    Args:
        pod: What is tracked about the pod; its name is used.
        reason: The reason why the pod is not ready.
    """
    message = (
        f"pod {pod['name']} of an older revision is not ready ({reason.reason}), and the StatefulSet "
        "waits for it before it replaces pods"
    )
    return reason._replace(reason="BlockedByOldPod", message=message)


def _containers(pod: dict) -> list[dict]:
    spec = pod.get("spec") or {}
    return [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]


def _states(pod: dict) -> list[dict]:
    status = pod.get("status") or {}
    return [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]


def _container_cause(state: dict, thresholds: FailureThresholds) -> FailureReason | None:
    waiting = (state.get("state") or {}).get("waiting") or {}
    reason, message = waiting.get("reason", ""), waiting.get("message", "")
    if reason in PULL:
        return _pull_cause(reason, message, thresholds)
    if reason in ("InvalidImageName", "ErrImageNeverPull", "ImageInspectError"):
        return FailureReason(reason, message, AT_ONCE)
    if reason in CONFIG:
        return FailureReason(reason, message, thresholds.config)
    ended = (
        (state.get("state") or {}).get("terminated")
        or (state.get("lastState") or {}).get("terminated")
        or {}
    )
    if reason in START or ended.get("reason") in START:
        return FailureReason(
            reason if reason in START else ended["reason"],
            ended.get("message") or message,
            thresholds.config,
        )
    return _crash(state, reason, ended, thresholds)


def _pull_cause(reason: str, message: str, thresholds: FailureThresholds) -> FailureReason:
    return FailureReason(reason, message, AT_ONCE if pull_is_final(message) else thresholds.pull)


def _crash(
    state: dict, reason: str, ended: dict, thresholds: FailureThresholds
) -> FailureReason | None:
    """Return the cause of a process that exits.

    A single exit is reported only at the deadline.
    """
    looping = reason == "CrashLoopBackOff"
    if not ended or state.get("ready") or (ended.get("exitCode") == 0 and not looping):
        return None
    if ended.get("reason") == LOST_CONTAINER:
        return None
    running = "running" in (state.get("state") or {})
    # restartCount counts the starts after the first, so a process that runs has ended that often
    ends = state.get("restartCount", 0) + (0 if running else 1)
    if seconds_since(ended.get("startedAt")) - seconds_since(ended.get("finishedAt")) >= LONG_RUN:
        ends = 1
    name = (
        "OOMKilled"
        if ended.get("reason") == "OOMKilled"
        else "CrashLoopBackOff"
        if looping
        else "Error"
    )
    often = "once" if ends == 1 else f"{ends} times, last"
    text = (
        f"the process ended {often} with exit code {ended.get('exitCode')} "
        f"({ended.get('reason') or 'no reason'})"
    )
    if ended.get("message"):
        text += f": {ended['message'].strip()[-300:]}"
    patience = AT_ONCE if ends >= thresholds.crashes and not running else None
    return FailureReason(name, text, patience, crashed=True)


def workload_failure_reason(obj: dict, thresholds: FailureThresholds) -> FailureReason | None:
    """Return the cause that the status of a workload, or of an object of another kind, contains, or None."""
    kind = kind_of(obj)
    if kind == "Pod" and (obj.get("status") or {}).get("phase") == "Failed":
        return _pod_end(obj, thresholds)
    if kind == "Deployment" and is_observed(obj) and obj["spec"].get("paused"):
        text = "the rollout is paused; workload_rollout with action: resume continues it"
        return FailureReason("Paused", text, AT_ONCE)
    if kind == "PersistentVolumeClaim" and obj["status"].get("phase") == "Lost":
        return FailureReason("Lost", "its volume no longer exists", AT_ONCE)
    for name, status, reason, patience in (
        ("Progressing", "False", "ProgressDeadlineExceeded", AT_ONCE),
        ("ReplicaFailure", "True", None, thresholds.create),
        ("Failed" if kind == "Job" else "Stalled", "True", None, AT_ONCE),
    ):
        state = condition(obj, name)
        is_current = state.get("status") == status and not is_outdated(obj, state)
        if is_current and reason in (None, state.get("reason")):
            return FailureReason(state.get("reason", name), state.get("message", ""), patience)
    return None


def _pod_end(pod: dict, thresholds: FailureThresholds) -> FailureReason:
    """Return why a pod without a controller has failed, which is final: nothing starts it again."""
    status = pod["status"]
    if status.get("reason"):
        return FailureReason(status["reason"], status.get("message", ""), AT_ONCE)
    causes = [_container_cause(state, thresholds) for state in _states(pod)]
    cause = next((one for one in causes if one), None)
    if cause:
        return cause._replace(patience=AT_ONCE)
    return FailureReason("Failed", status.get("message") or "the pod has failed", AT_ONCE)


def containers_starting(pod: dict) -> bool:
    """Return whether the node is past volumes and network, and busy with a container."""
    states = [entry["state"] for entry in _states(pod) if entry.get("state")]
    return any((state.get("waiting") or {}).get("reason") not in NOT_STARTED for state in states)


def event_failure_reason(event: dict, thresholds: FailureThresholds) -> FailureReason | None:
    """Return a cause that only an event reports: rejected pods of a StatefulSet, volumes, probes.

    A failed pull is also reported by the pod's status, but some seconds later.
    """
    reason, message = event.get("reason", ""), event.get("message", "")
    if reason == "Failed" and (pull := PULL_FAILED.match(message)):
        field = (event.get("involvedObject") or {}).get("fieldPath", "")
        cause = _pull_cause("ErrImagePull", pull[2], thresholds)
        return cause._replace(container=field.partition("{")[2].rstrip("}"), image=pull[1])
    if reason == "FailedCreate":
        return FailureReason(reason, message, thresholds.create)
    if reason in VOLUME:
        return FailureReason(reason, message, thresholds.volume or None)
    if reason == "Unhealthy":
        return FailureReason(reason, message, thresholds.probe or None)
    if reason == SANDBOX:
        return FailureReason(reason, message, thresholds.pull)
    return None
