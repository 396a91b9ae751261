"""Keep persistent data and marked objects when other objects are deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.data_guard import (
    VOLUMES,
    DataGuard,
    check_scale_in,
    is_marked,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext


def keep_data(context: ApplyContext, objects: Mapping[ObjectRef, dict]) -> list[ObjectRef]:
    """Return those of the objects to delete that stay, because they hold data. The result lists them.

    Raises:
        KubeError: Data would go with one of the others, or the API server refused to look for it.
    """
    if context.params["remove_data"]:
        return []
    kept = [ref for ref in objects if ref.own_kind in VOLUMES]
    guard = DataGuard(context.cluster.client, context.cluster.discovery)
    guard.check(obj for ref, obj in objects.items() if ref not in kept)
    context.result.warn(guard.warnings)
    _report(context, kept)
    return kept


def keep_claims(
    context: ApplyContext, objects: Iterable[dict], live: Mapping[ObjectRef, dict]
) -> None:
    """Refuse declarations that make a controller delete the claims of pods.

    Args:
        context: The run of the module.
        objects: The declared objects.
        live: Those of them that exist.

    Raises:
        KubeError: A StatefulSet would lose claims.
    """
    if not context.params["remove_data"]:
        check_scale_in((live[ref_of(obj)], obj) for obj in objects if ref_of(obj) in live)


def keep_marked_and_data(
    context: ApplyContext, objects: Mapping[ObjectRef, dict]
) -> list[ObjectRef]:
    """Return those of the objects to delete that stay, because they are marked or hold data. The result lists them.

    Raises:
        KubeError: Data would go with one of the others, or the API server refused to look for it.
    """
    marked = [ref for ref, obj in objects.items() if is_marked(obj)]
    _report(context, marked)
    return [
        *marked,
        *keep_data(context, {ref: obj for ref, obj in objects.items() if ref not in marked}),
    ]


def _report(context: ApplyContext, kept: list[ObjectRef]) -> None:
    if kept:
        known = context.result.fields.get("kept", [])
        context.result.fields["kept"] = [*known, *(str(r) for r in kept if str(r) not in known)]
