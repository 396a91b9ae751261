"""All that was made for an application in short form, found by its labels."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.pod import (
    MANAGED_LABEL,
    NAME_LABEL,
)

KINDS = (
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("networking.k8s.io/v1", "Ingress"),
    ("policy/v1", "PodDisruptionBudget"),
)
DATA = ("PersistentVolumeClaim",)
NAMES_PER_REQUEST = 100


def objects_of_apps(
    client: KubeClient, resources: Discovery, apps: list[dict]
) -> dict[ObjectRef, dict]:
    """Objects of these applications (``name``, ``namespace``). Raises KubeError."""
    if not apps:
        return {}
    resources.load({version for version, _ in KINDS})
    names: dict[str, list[str]] = {}
    for app in apps:
        names.setdefault(app["namespace"], []).append(app["name"])
    work = []
    for namespace, here in names.items():
        for start in range(0, len(here), NAMES_PER_REQUEST):
            chosen = f"{NAME_LABEL} in ({','.join(here[start : start + NAMES_PER_REQUEST])})"
            ours = f"{MANAGED_LABEL}=slipway,{chosen}"
            work += [(version, kind, namespace, ours) for version, kind in KINDS]
            # claims of a StatefulSet carry the labels of its selector only
            work += [("v1", kind, namespace, chosen) for kind in DATA]

    def read(item):
        version, kind, namespace, selector = item
        resource = resources.find(version, kind)
        if resource is None:
            return []
        return client.list_all(resource.collection(namespace), labelSelector=selector)[0]

    found: dict[ObjectRef, dict] = {}
    for (version, kind, namespace, _), items in zip(work, client.parallel(read, work), strict=True):
        if isinstance(items, KubeError):
            raise items
        for item in items:
            key = ObjectRef(version, kind, namespace, item["metadata"]["name"])
            found[key] = {"apiVersion": version, "kind": kind, **item}
    return found
