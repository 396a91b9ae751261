"""Keep persistent data when other objects are deleted."""

from __future__ import annotations

from collections.abc import Collection

from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.removal import (
    DATA,
    check_no_data_in,
)


def keep_data(context: ApplyContext, refs: Collection[ObjectRef]) -> list[ObjectRef]:
    """Return those of the objects to delete that stay, because they hold data. The result lists them.

    Raises:
        KubeError: One of the objects is a namespace with data, or its claims cannot be listed.
    """
    if context.params["remove_data"]:
        return []
    kept = [ref for ref in refs if ref.kind in DATA]
    if kept:
        context.result.fields["kept"] = [str(ref) for ref in kept]
    spaces = [ref.name for ref in refs if ref.kind == "Namespace"]
    check_no_data_in(context.cluster.client, spaces)
    return kept
