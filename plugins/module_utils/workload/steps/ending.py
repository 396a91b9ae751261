"""Wait for the end of objects that are being deleted, before they are declared again."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.deletion_wait import (
    wait_until_deleted,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    is_ending,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.cluster import Cluster

MAX_NAMED = 5


def read_present(cluster: Cluster, objects: list[dict]) -> dict[ObjectRef, dict]:
    """Return those of the objects that exist, after the end of those that are being deleted.

    An apply to such an object succeeds, and its result is lost.

    Raises:
        KubeError: One of them still exists at the deadline, or the API server refused to read an object.
    """
    live = read_live(cluster.client, cluster.discovery, list(map(ref_of, objects)))
    _wait_for_ends(cluster, live)
    return live


def _wait_for_ends(cluster: Cluster, live: dict[ObjectRef, dict]) -> None:
    """Wait for these ends, and take the objects out of ``live``."""
    ending = [ref for ref, obj in live.items() if is_ending(obj)]
    if not ending:
        return
    names = ", ".join(map(str, ending[:MAX_NAMED]))
    if not cluster.check:
        cluster.progress(
            f"waiting for the end of {len(ending)} objects that are being deleted: {names}"
        )
        answers = cluster.client.parallel(
            lambda ref: wait_until_deleted(
                cluster.client,
                cluster.discovery.require(ref.api_version, ref.kind),
                ref,
                live[ref],
                cluster.deadline,
            ),
            ending,
        )
        for answer in answers:
            if isinstance(answer, KubeError):
                raise answer
    for ref in ending:
        del live[ref]
    # a namespace takes everything in it along
    gone = {ref.name for ref in ending if ref.own_kind == "Namespace"}
    for ref in [ref for ref in live if ref.namespace in gone]:
        del live[ref]
