"""Refuse deletions that would take persistent data along."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import first_of, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment
from ansible_collections.slipway.lab.plugins.module_utils.workload.removal import check_no_data_in
from ansible_collections.slipway.lab.plugins.module_utils.workload.steps.data import is_marked

VOLUMES = ("PersistentVolumeClaim", "PersistentVolume")
ADVICE = "nothing was deleted. Move the data, or set remove_data: true"


def split_kept(objects: list[dict]) -> tuple[list[dict], list[dict]]:
    """Return the objects that may be deleted, and those with the annotation that keeps them."""
    return (
        [obj for obj in objects if not is_marked(obj)],
        [obj for obj in objects if is_marked(obj)],
    )


def check_no_data(
    client: KubeClient, objects: list[dict], orphan: bool, warnings: list[str]
) -> None:
    """Refuse to delete objects whose deletion deletes data.

    Args:
        client: Reads what the objects own or contain.
        objects: The objects, all of one kind.
        orphan: Whether the objects that they own stay.
        warnings: Receives a text where the account may not see whether there is data.

    Raises:
        KubeError: An object is a volume or a claim, contains or owns one, or defines a kind with objects.
    """
    kind = objects[0]["kind"]
    if kind in VOLUMES:
        raise KubeError(f"{_names(objects)}: deleting a {kind} deletes its data; {ADVICE}")
    if kind == "Namespace":
        check_no_data_in(client, [obj["metadata"]["name"] for obj in objects])
    elif kind == "CustomResourceDefinition":
        _check_no_instances(client, objects)
    elif kind == "StatefulSet":
        if not orphan:
            _check_retention(objects)
    elif kind not in KINDS and not orphan:
        _check_no_claims(client, objects, warnings)


def _check_retention(objects: list[dict]) -> None:
    deleting = [
        obj
        for obj in objects
        if (obj["spec"].get("persistentVolumeClaimRetentionPolicy") or {}).get("whenDeleted")
        == "Delete"
    ]
    if deleting:
        raise KubeError(
            f"{_names(deleting)}: its persistentVolumeClaimRetentionPolicy deletes its claims with it; {ADVICE}"
        )


def _check_no_instances(client: KubeClient, definitions: list[dict]) -> None:
    for definition in definitions:
        spec = definition["spec"]
        version = next((one["name"] for one in spec["versions"] if one.get("served")), "")
        if not version:
            continue
        resource = Resource(
            f"{spec['group']}/{version}", spec["names"]["kind"], spec["names"]["plural"], False
        )
        answer = client.get_or_none(resource.collection(), limit=1) or {}
        items = answer.get("items") or []
        if items:
            count = len(items) + ((answer.get("metadata") or {}).get("remainingItemCount") or 0)
            raise KubeError(
                f"{ref_of(definition)}: there are {count} objects of the kind {resource.kind}, which would go with "
                f"their definition; {ADVICE}"
            )


def _check_no_claims(client: KubeClient, objects: list[dict], warnings: list[str]) -> None:
    """Refuse objects of an operator that own claims."""
    owners = {obj["metadata"]["uid"]: obj for obj in objects}
    for namespace in sorted({obj["metadata"].get("namespace", "") for obj in objects} - {""}):
        path = f"/api/v1/namespaces/{path_segment(namespace)}/persistentvolumeclaims"
        try:
            claims, _ = client.list_all(path)
        except ApiError as error:
            if error.status != 403:
                raise
            warnings.append(f"whether the objects own claims is not known: {error}")
            continue
        for claim in claims:
            for owner in claim["metadata"].get("ownerReferences") or []:
                if owner.get("uid") in owners:
                    raise KubeError(
                        f"{ref_of(owners[owner['uid']])} owns PersistentVolumeClaim {namespace}/"
                        f"{claim['metadata']['name']}, whose data would go too; {ADVICE}"
                    )


def _names(objects: list[dict]) -> str:
    return first_of(list(map(ref_of, objects)))
