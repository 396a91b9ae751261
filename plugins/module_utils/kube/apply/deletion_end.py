"""End a deletion: wait for it, and do what the garbage collector cannot do yet."""

from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_wait import (
    wait_until_deleted,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    seconds_since,
)

# The garbage collector looks for new kinds every 30 seconds, and then reads their objects.
COLLECTOR_SECONDS = 60
FINALIZER = "foregroundDeletion"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def wait_for_end(
    client: KubeClient, resource: Resource, ref: ObjectRef, answer: dict, deadline: Deadline
) -> None:
    """Wait until the API server no longer has a deleted object; see ``wait_until_deleted``.

    The garbage collector ends deletions in the foreground. It learns of a new kind half a minute after its definition.
    """
    if is_unknown_to_collector(client, resource, answer):
        uid = answer["metadata"]["uid"]
        body = {"propagationPolicy": "Background", "preconditions": {"uid": uid}}
        client.delete(resource.path(ref.namespace, ref.name), body)
    wait_until_deleted(client, resource, ref, answer, deadline)


def is_unknown_to_collector(client: KubeClient, resource: Resource, answer: dict) -> bool:
    """Return whether a deletion in the foreground waits for a garbage collector that does not know the kind yet.

    Args:
        client: Reads the definition of the kind.
        resource: The resource of the kind.
        answer: The answer to the DELETE. All compared times are those of the API server.
    """
    metadata = answer.get("metadata") or {}
    now = metadata.get("deletionTimestamp")
    if "." not in resource.group or not now or FINALIZER not in (metadata.get("finalizers") or []):
        return False
    # an object is not older than its kind
    if _seconds_between(metadata["creationTimestamp"], now) > COLLECTOR_SECONDS:
        return False
    try:
        definition = client.get_or_none(f"{DEFINITIONS}/{resource.plural}.{resource.group}")
    except KubeError:
        return False  # the account may not read definitions, so the deletion stays as it is
    created = ((definition or {}).get("metadata") or {}).get("creationTimestamp")
    return bool(created) and _seconds_between(created, now) <= COLLECTOR_SECONDS


def _seconds_between(one: str, other: str) -> float:
    now = datetime.now(timezone.utc)
    return seconds_since(one, now) - seconds_since(other, now)
