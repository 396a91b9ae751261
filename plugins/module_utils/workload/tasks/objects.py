"""Read objects of any kind: the work of the ``objects_info`` module and of the lookup ``objects``."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import HIDDEN, LAST_APPLIED
from ansible_collections.slipway.lab.plugins.module_utils.kube.projection import (
    parse_fields,
    project,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.selection import (
    SELECTION,
    select_objects,
)

READ_OPTIONS = {
    **SELECTION,
    "fields": {"type": "list", "elements": "str"},
    "show_secrets": {"type": "bool", "default": False, "no_log": False},
}


def objects_for(params: dict) -> list[dict]:
    """Return the objects that the parameters describe.

    Raises:
        KubeError: The kind is not served, or the API server refused to read it.
    """
    paths = parse_fields(params.get("fields") or [])
    client = KubeClient(params)
    try:
        found, _ = select_objects(client, Discovery(client), params)
    finally:
        client.close()
    shown = [_shown(obj, params["show_secrets"]) for obj in found]
    return [project(obj, paths) for obj in shown] if paths else shown


def read_objects(module) -> dict:
    """Read the objects that the parameters of a module describe."""
    return {"objects": objects_for(module.params)}


def _shown(obj: dict, show_secrets: bool) -> dict:
    metadata = {name: value for name, value in obj["metadata"].items() if name != "managedFields"}
    if obj["kind"] == "Secret" and not show_secrets:
        metadata.get("annotations", {}).pop(LAST_APPLIED, None)
        obj = {**obj, "data": dict.fromkeys(obj.get("data") or {}, HIDDEN)}
    return {**obj, "metadata": metadata}
