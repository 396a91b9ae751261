"""Find claims that would go with their owners, or with the owners of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    is_ending,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

# Its claims are those of ephemeral volumes, which go with each pod.
POD = ("v1", "Pod")


def claims_in(client: KubeClient, namespace: str) -> list[dict]:
    """Return the claims of a namespace, or of all namespaces if it is empty, without those that are being deleted.

    Raises:
        ApiError: The API server refused to list them.
    """
    place = f"namespaces/{path_segment(namespace)}/" if namespace else ""
    items, _ = client.list_all(f"/api/v1/{place}persistentvolumeclaims")
    return [
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **item}
        for item in items
        if not is_ending(item)
    ]


def owned_claims(
    client: KubeClient, discovery: Discovery, objects: Iterable[dict], namespace: str
) -> Iterator[list[dict]]:
    """Yield chains of owners from one of the objects to a claim, which the garbage collector deletes after them.

    The owners of claims are read level by level: few one by one, and many of a kind by one list.

    Args:
        client: Reads the claims and their owners.
        discovery: Finds the paths of the owners.
        objects: Objects of one namespace, or objects without one.
        namespace: Their namespace. It is empty for objects without one, which may own claims in every namespace.

    Raises:
        ApiError: The API server refused to read claims or owners.
    """
    ends = {obj["metadata"]["uid"]: obj for obj in objects}
    chains = [[claim] for claim in claims_in(client, namespace)]
    seen: set[str] = set()
    while chains:
        above: dict[ObjectRef, tuple[str, list[dict]]] = {}
        for chain in chains:
            for owner in _owners(chain[0]):
                uid = owner["uid"]
                if uid in ends:
                    yield [ends[uid], *chain]
                elif uid not in seen:
                    seen.add(uid)
                    ref = _reference(discovery, owner, chain[0])
                    if ref:
                        above[ref] = (uid, chain)
        found = read_live(client, discovery, list(above))
        chains = [
            [found[ref], *chain]
            for ref, (uid, chain) in above.items()
            # another object of the same name owns nothing
            if ref in found and found[ref]["metadata"]["uid"] == uid
        ]


def _owners(obj: dict) -> list[dict]:
    owners = obj["metadata"].get("ownerReferences") or []
    return [one for one in owners if (one["apiVersion"], one["kind"]) != POD]


def _reference(discovery: Discovery, owner: dict, owned: dict) -> ObjectRef | None:
    """Return the reference of an owner, or None if its kind is not served."""
    resource = discovery.find(owner["apiVersion"], owner["kind"])
    if not resource:
        return None
    namespace = ref_of(owned).namespace if resource.namespaced else ""
    return ObjectRef(owner["apiVersion"], owner["kind"], namespace, owner["name"])
