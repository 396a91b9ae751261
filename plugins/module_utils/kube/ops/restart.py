"""Restart the pods of a workload as ``kubectl rollout restart`` does."""

from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import MERGE, KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

ANNOTATION = "kubectl.kubernetes.io/restartedAt"


def restart(client: KubeClient, resources: Discovery, key: ObjectRef) -> dict:
    """Set the annotation; the object after it."""
    now = datetime.now(timezone.utc).isoformat(timespec="microseconds")
    body = {"spec": {"template": {"metadata": {"annotations": {ANNOTATION: now}}}}}
    # with a manager of its own, the next apply of the declaration does not remove the annotation
    return client.patch(resources.path(key), body, MERGE, fieldManager=field_managers.RESTART)
