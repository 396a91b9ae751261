"""Keep persistent data and marked objects when other objects are deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.removal import (
    DATA,
    check_no_data_in,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import KEEP

HELM_KEEP = "helm.sh/resource-policy"


def keep_data(context: ApplyContext, refs: Collection[ObjectRef]) -> list[ObjectRef]:
    """Return those of the objects to delete that stay, because they hold data. The result lists them.

    Raises:
        KubeError: One of the objects is a namespace with data, or its claims cannot be listed.
    """
    if context.params["remove_data"]:
        return []
    kept = [ref for ref in refs if ref.kind in DATA]
    _report(context, kept)
    spaces = [ref.name for ref in refs if ref.kind == "Namespace"]
    check_no_data_in(context.cluster.client, spaces)
    return kept


def is_marked(obj: dict) -> bool:
    """Return whether an object has the mark to keep it when it is no longer declared, Slipway's or helm's."""
    annotations = obj["metadata"].get("annotations") or {}
    return annotations.get(KEEP) == "true" or annotations.get(HELM_KEEP) == "keep"


def keep_marked(context: ApplyContext, objects: Mapping[ObjectRef, dict]) -> list[ObjectRef]:
    """Return those of the objects to prune that are marked. The result lists them."""
    kept = [ref for ref, obj in objects.items() if is_marked(obj)]
    _report(context, kept)
    return kept


def _report(context: ApplyContext, kept: list[ObjectRef]) -> None:
    if kept:
        known = context.result.fields.get("kept", [])
        context.result.fields["kept"] = [*known, *(str(r) for r in kept if str(r) not in known)]
