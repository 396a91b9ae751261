"""The one table of kinds that Slipway treats in a special way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class ApplyWave(IntEnum):
    """Position in the order of creation. Objects of one wave are applied concurrently."""

    NAMESPACE = 0
    DEFINITION = 1
    CONFIGURATION = 2
    OTHER = 3
    BACKEND = 4
    WORKLOAD = 5
    LAST = 6


@dataclass(frozen=True)
class Kind:
    """The properties of a kind that Slipway uses.

    Args:
        api_version: The version that Slipway uses when a task names only the kind.
        wave: When objects of this kind are applied.
        is_app: Whether an application in short form may be of this kind.
        is_rendered: Whether the short form of an application is rendered to this kind.
        has_pods: Whether objects of this kind have pods of their own to wait for.
        has_rollout: Whether its controller replaces pods revision by revision.
        is_scalable: Whether its number of pods can be set, and its pods waited for.
        is_batch: Whether its pods run to completion.
    """

    api_version: str
    wave: ApplyWave
    is_app: bool = False
    is_rendered: bool = False
    has_pods: bool = False
    has_rollout: bool = False
    is_scalable: bool = False
    is_batch: bool = False


_APP = {"wave": ApplyWave.WORKLOAD, "is_app": True, "is_rendered": True}
_CONFIGURATION = ApplyWave.CONFIGURATION
_RBAC = "rbac.authorization.k8s.io/v1"
_WEBHOOKS = "admissionregistration.k8s.io/v1"

KINDS: dict[str, Kind] = {
    "Namespace": Kind("v1", ApplyWave.NAMESPACE),
    "CustomResourceDefinition": Kind("apiextensions.k8s.io/v1", ApplyWave.DEFINITION),
    "PriorityClass": Kind("scheduling.k8s.io/v1", _CONFIGURATION),
    "StorageClass": Kind("storage.k8s.io/v1", _CONFIGURATION),
    "ResourceQuota": Kind("v1", _CONFIGURATION),
    "LimitRange": Kind("v1", _CONFIGURATION),
    "ServiceAccount": Kind("v1", _CONFIGURATION),
    "ClusterRole": Kind(_RBAC, _CONFIGURATION),
    "Role": Kind(_RBAC, _CONFIGURATION),
    "ClusterRoleBinding": Kind(_RBAC, _CONFIGURATION),
    "RoleBinding": Kind(_RBAC, _CONFIGURATION),
    "ConfigMap": Kind("v1", _CONFIGURATION, is_rendered=True),
    "Secret": Kind("v1", _CONFIGURATION, is_rendered=True),
    "PersistentVolume": Kind("v1", _CONFIGURATION),
    "PersistentVolumeClaim": Kind("v1", _CONFIGURATION),
    "NetworkPolicy": Kind("networking.k8s.io/v1", _CONFIGURATION),
    "RuntimeClass": Kind("node.k8s.io/v1", _CONFIGURATION),
    "IngressClass": Kind("networking.k8s.io/v1", _CONFIGURATION),
    "Service": Kind("v1", ApplyWave.BACKEND, is_rendered=True),
    "PodDisruptionBudget": Kind("policy/v1", ApplyWave.BACKEND, is_rendered=True),
    "Deployment": Kind("apps/v1", **_APP, has_pods=True, has_rollout=True, is_scalable=True),
    "StatefulSet": Kind("apps/v1", **_APP, has_pods=True, has_rollout=True, is_scalable=True),
    "DaemonSet": Kind("apps/v1", **_APP, has_pods=True, has_rollout=True),
    "Job": Kind("batch/v1", **_APP, has_pods=True, is_batch=True),
    "CronJob": Kind("batch/v1", **_APP, is_batch=True),
    "ReplicaSet": Kind("apps/v1", ApplyWave.WORKLOAD, has_pods=True, is_scalable=True),
    "ReplicationController": Kind("v1", ApplyWave.WORKLOAD),
    "Pod": Kind("v1", ApplyWave.WORKLOAD, has_pods=True),
    "HorizontalPodAutoscaler": Kind("autoscaling/v2", ApplyWave.LAST, is_rendered=True),
    "Ingress": Kind("networking.k8s.io/v1", ApplyWave.LAST, is_rendered=True),
    "APIService": Kind("apiregistration.k8s.io/v1", ApplyWave.LAST),
    "ValidatingWebhookConfiguration": Kind(_WEBHOOKS, ApplyWave.LAST),
    "MutatingWebhookConfiguration": Kind(_WEBHOOKS, ApplyWave.LAST),
}

APP_KINDS = tuple(name for name, kind in KINDS.items() if kind.is_app)
RENDERED_KINDS = tuple(name for name, kind in KINDS.items() if kind.is_rendered)
BATCH_KINDS = tuple(name for name, kind in KINDS.items() if kind.is_batch)
POD_KINDS = tuple(name for name, kind in KINDS.items() if kind.has_pods)
ROLLOUT_KINDS = tuple(name for name, kind in KINDS.items() if kind.has_rollout)
SCALABLE_KINDS = tuple(name for name, kind in KINDS.items() if kind.is_scalable)
SCALABLE_APP_KINDS = tuple(name for name in SCALABLE_KINDS if name in APP_KINDS)


def api_version_of(kind: str) -> str:
    """Return the apiVersion of a kind of the table."""
    return KINDS[kind].api_version


def usual_version_of(kind: str, default: str = "v1") -> str:
    """Return the apiVersion of a kind, whether the table has it or not."""
    return KINDS[kind].api_version if kind in KINDS else default


def apply_wave(kind: str) -> ApplyWave:
    """Return the wave in which objects of a kind are applied, whether the table has it or not."""
    return KINDS[kind].wave if kind in KINDS else ApplyWave.OTHER


def own_kind(api_version: Any, kind: Any) -> Any:
    """Return a kind, or an empty text if it only has the name of a kind of the table, as Service of Knative has.

    Args:
        api_version: The apiVersion. Others define no kinds without a group.
        kind: The kind.
    """
    known = KINDS.get(kind) if isinstance(kind, str) else None
    if not known or not isinstance(api_version, str) or "/" not in api_version:
        return kind
    groups = [version.rpartition("/")[0] for version in (known.api_version, api_version)]
    return kind if groups[0] == groups[1] else ""
