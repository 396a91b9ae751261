"""Find owners that a manifest names and that do not exist, as in one that was exported from another place."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.managed_fields import (
    applied_fields,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.sender import Sender
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of


def note(sender: Sender, obj: dict) -> str:
    """Return a warning about declared owners that do not exist; empty without any.

    Args:
        sender: Looks for the owners.
        obj: The object after the task.
    """
    fields = applied_fields(obj, sender.options.manager) or {}
    if "f:ownerReferences" not in fields.get("f:metadata", {}):
        return ""
    owners = obj["metadata"].get("ownerReferences") or []
    lost = [f"{one['kind']} {one['name']}" for one in owners if _is_lost(sender, obj, one)]
    if not lost or len(lost) < len(owners):
        return ""  # the garbage collector leaves an object that has another owner
    return (
        f"{ref_of(obj)}: its owner does not exist with the declared uid ({', '.join(lost)}), so the garbage collector "
        "deletes the object; leave out metadata.ownerReferences"
    )


def _is_lost(sender: Sender, obj: dict, owner: dict) -> bool:
    try:
        resource = sender.discovery.find(owner["apiVersion"], owner["kind"])
        if not resource:
            return False
        place = ref_of(obj).namespace if resource.namespaced else ""
        path = sender.path(ObjectRef(owner["apiVersion"], owner["kind"], place, owner["name"]))
        live = sender.client.get_or_none(path)
    except KubeError:
        return False  # the account may not see the owner
    return not live or live["metadata"].get("uid") != owner["uid"]
