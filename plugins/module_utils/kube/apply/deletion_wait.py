"""Wait until a deleted object has disappeared."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    selector_text,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.kube.watch import wait_until

MAX_PODS_NAMED = 5


def wait_until_deleted(
    client: KubeClient, resource: Resource, ref: ObjectRef, answer: dict, deadline: Deadline
) -> None:
    """Wait until the API server no longer has the object.

    Args:
        client: Watches the object.
        resource: The resource of its kind.
        ref: Identifies the object.
        answer: The answer to the DELETE.
        deadline: When the wait ends.

    Raises:
        KubeError: The object still exists at the deadline. The text names what blocks it.
    """
    uid = _uid_in(answer)
    try:
        wait_until(
            client,
            resource.collection(ref.namespace),
            ref.name,
            lambda obj: obj is None or obj["metadata"].get("uid") != uid,
            deadline,
            f"{ref} still exists",
        )
    except KubeError as error:
        raise KubeError(f"{error}{_blockers(client, resource, ref)}") from error


def _blockers(client: KubeClient, resource: Resource, ref: ObjectRef) -> str:
    """Return the finalizers and the pods that keep an object from disappearing."""
    live = client.get_or_none(resource.path(ref.namespace, ref.name)) or {}
    text = ""
    finalizers = (live.get("metadata") or {}).get("finalizers")
    if finalizers:
        text += f"; finalizers {', '.join(finalizers)}"
    selector = (live.get("spec") or {}).get("selector")
    if isinstance(selector, dict) and selector.get("matchLabels"):
        path = f"/api/v1/namespaces/{path_segment(ref.namespace)}/pods"
        pods, _ = client.list_all(path, labelSelector=selector_text(selector))
        names = [pod["metadata"]["name"] for pod in pods]
        if names:
            shown = ", ".join(names[:MAX_PODS_NAMED])
            text += f"; {len(names)} pods have not ended: {shown}"
    return text


def _uid_in(answer: dict) -> str:
    """Return the uid in the answer to a DELETE: of the object, or in the details of a Status."""
    return (
        (answer.get("metadata") or {}).get("uid") or (answer.get("details") or {}).get("uid") or ""
    )
