"""Find the pods of the current revision.

A broken pod of an old revision is not a failure of the new one.
"""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.selectors import selector_text
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import ROLLOUT_KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    is_observed,
    kind_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

REVISION = "deployment.kubernetes.io/revision"
HASH = "controller-revision-hash"
POD_HASH = "pod-template-hash"
UNKNOWN_OWNER = ("none", "")
ALL_PODS = ("all", "")


def owned(objects: list[dict], uid: str) -> list[dict]:
    """Return the objects that the owner with this uid controls."""
    return [
        obj
        for obj in objects
        if any(owner.get("uid") == uid for owner in obj["metadata"].get("ownerReferences") or [])
    ]


def replica_sets(client: KubeClient, deployment: dict) -> list[dict]:
    """Return the ReplicaSets of a Deployment, oldest revision first."""
    namespace = path_segment(deployment["metadata"]["namespace"])
    found, _ = client.list_all(
        f"/apis/apps/v1/namespaces/{namespace}/replicasets",
        labelSelector=selector_text(deployment["spec"]["selector"]),
    )
    return sorted(owned(found, deployment["metadata"]["uid"]), key=revision_of)


def controller_revisions(client: KubeClient, workload: dict) -> list[dict]:
    """Return the ControllerRevisions of a StatefulSet or DaemonSet, oldest first."""
    namespace = path_segment(workload["metadata"]["namespace"])
    found, _ = client.list_all(
        f"/apis/apps/v1/namespaces/{namespace}/controllerrevisions",
        labelSelector=selector_text(workload["spec"]["selector"]),
    )
    return sorted(owned(found, workload["metadata"]["uid"]), key=revision_of)


def revision_of(obj: dict) -> int:
    """Return the number of a ReplicaSet, Deployment or ControllerRevision."""
    if "revision" in obj:
        return int(obj["revision"])
    return int((obj["metadata"].get("annotations") or {}).get(REVISION, 0))


def pod_template(revision: dict) -> dict:
    """Return the pod template in a ReplicaSet or ControllerRevision, without labels of the controllers."""
    template = revision.get("data", revision)["spec"]["template"]
    metadata = template.get("metadata") or {}
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if k not in (HASH, POD_HASH)}
    return {**template, "metadata": {**metadata, "labels": labels}}


def current_owner(client: KubeClient, workload: dict, created: bool = False) -> tuple[str, str]:
    """Return what identifies the pods of the current revision, among those that the workload owns.

    It is ("owner", uid), ("hash", text), ALL_PODS or UNKNOWN_OWNER. The last one means that the controller has not
    observed the change, so every existing pod can be an old one.

    Args:
        client: Reads the revisions.
        workload: The workload.
        created: Whether it is new. All of its pods are current then, and a busy controller takes seconds to observe it.
    """
    kind = kind_of(workload)
    if kind not in ROLLOUT_KINDS or (created and kind != "Deployment"):
        return ALL_PODS
    if not created and not is_observed(workload):
        return UNKNOWN_OWNER
    if kind == "Deployment":
        sets = replica_sets(client, workload)
        return ("owner", sets[-1]["metadata"]["uid"]) if sets else UNKNOWN_OWNER
    if kind == "StatefulSet":
        return ("hash", (workload.get("status") or {}).get("updateRevision", ""))
    revisions = controller_revisions(client, workload)
    return (
        ("hash", revisions[-1]["metadata"]["labels"].get(HASH, "")) if revisions else UNKNOWN_OWNER
    )


def is_current(pod: dict, owner: tuple[str, str]) -> bool:
    """Return whether a pod (as ``kube_wait`` keeps it) belongs to what ``current_owner`` found."""
    how, value = owner
    if how == "owner":
        return value in pod["owners"]
    if how == "hash":
        # a StatefulSet's status holds NAME-HASH, the label of its pods too; a DaemonSet's pods only
        # HASH
        return pod["labels"].get(HASH) == value
    return owner == ALL_PODS
