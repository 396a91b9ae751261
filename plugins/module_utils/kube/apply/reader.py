"""Read the objects that a task is about with few requests."""

from __future__ import annotations

from collections import defaultdict

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient, gather
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery, Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef

# reading a whole collection is cheaper than this many single objects
MIN_FOR_LIST = 4

Collection = tuple[Resource, str]


def read_live(
    client: KubeClient, discovery: Discovery, refs: list[ObjectRef]
) -> dict[ObjectRef, dict]:
    """Return those of the objects that exist.

    Few objects of a collection are read one by one, many by one list.

    Raises:
        KubeError: The API server refused to return an object, or stores none of its kind.
    """
    groups: dict[Collection, list[ObjectRef]] = defaultdict(list)
    for ref in refs:
        resource = discovery.find(ref.api_version, ref.kind)
        if resource and not resource.is_stored:
            raise KubeError(
                f"{ref}: the API server answers a {ref.kind} and stores none, so a task cannot declare it. "
                "`kubectl create -f FILE -o yaml` shows the answer, and the module access_info asks for rights."
            )
        if resource:
            groups[(resource, ref.namespace)].append(ref)
    single = [ref for group in groups.values() if len(group) < MIN_FOR_LIST for ref in group]
    collections = [place for place, group in groups.items() if len(group) >= MIN_FOR_LIST]
    found = _read_one_by_one(client, discovery, single)
    listed = client.parallel(
        lambda place: client.list_all(place[0].collection(place[1]))[0], collections
    )
    for place, items in zip(collections, listed):
        if isinstance(items, ApiError) and items.status == 403:
            # a narrow account may read only what it names
            found.update(_read_one_by_one(client, discovery, groups[place]))
            continue
        if isinstance(items, KubeError):
            raise items
        resource = place[0]
        by_name = {ref.name: ref for ref in groups[place]}
        for item in items:
            ref = by_name.get(item["metadata"]["name"])
            if ref:
                # items of a list do not have these two fields
                found[ref] = {
                    "apiVersion": resource.api_version, "kind": resource.kind, **item,
                }  # fmt: skip
    return found


def _read_one_by_one(
    client: KubeClient, discovery: Discovery, refs: list[ObjectRef]
) -> dict[ObjectRef, dict]:
    answers = gather(client, lambda ref: client.get_or_none(discovery.path(ref)), refs)
    return {ref: obj for ref, obj in zip(refs, answers) if obj}
