"""Keep marked objects, and refuse deletions that would take persistent data along."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import first_of, ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

VOLUMES = ("PersistentVolumeClaim", "PersistentVolume")
ADVICE = "nothing was deleted. Move the data, or set remove_data: true"
MAX_NAMED = 5
KEEP, HELM_KEEP = "slipway/keep", "helm.sh/resource-policy"


class DataGuard:
    """Looks for data that would go with objects.

    Args:
        client: Reads what the objects own or contain.
        orphan: Whether the objects that they own stay.
        advice: Ends each refusal.

    The attribute ``warnings`` has a text for each place where the account may not see whether there is data.
    """

    def __init__(self, client: KubeClient, orphan: bool = False, advice: str = ADVICE):
        self.warnings: list[str] = []
        self._client = client
        self._orphan = orphan
        self._advice = advice

    def check(self, objects: Iterable[dict]) -> None:
        """Refuse to delete objects whose deletion deletes data.

        Args:
            objects: All objects that are to be deleted, as the server has them.

        Raises:
            KubeError: An object is a volume or a claim, contains or owns one, or defines a kind of which other objects
                exist.
        """
        by_kind: dict[str, list[dict]] = {}
        for obj in objects:
            by_kind.setdefault(obj["kind"], []).append(obj)
        for kind, those in by_kind.items():
            if kind in VOLUMES:
                raise KubeError(
                    f"{_names(those)}: deleting a {kind} deletes its data; {self._advice}"
                )
            if kind == "Namespace":
                self._check_namespaces(those)
            elif kind == "CustomResourceDefinition":
                self._check_instances(those, by_kind)
            elif kind == "StatefulSet" and not self._orphan:
                self._check_retention(those)
            elif kind not in KINDS and not self._orphan:
                self._check_claims(those)

    def _check_namespaces(self, objects: list[dict]) -> None:
        for namespace in (obj["metadata"]["name"] for obj in objects):
            claims, _ = self._client.list_all(_claims_path(namespace))
            if claims:
                names = ", ".join(claim["metadata"]["name"] for claim in claims[:MAX_NAMED])
                raise KubeError(
                    f"Namespace {namespace} has {len(claims)} PersistentVolumeClaims ({names}), whose data would go "
                    f"too; {self._advice}"
                )

    def _check_retention(self, objects: list[dict]) -> None:
        deleting = [obj for obj in objects if deletes_claims(obj)]
        if deleting:
            raise KubeError(
                f"{_names(deleting)}: its persistentVolumeClaimRetentionPolicy deletes its claims with it "
                f"(whenDeleted: Retain keeps them); {self._advice}"
            )

    def _check_instances(self, definitions: list[dict], going: dict[str, list[dict]]) -> None:
        """Refuse definitions of kinds of which there are objects that are not to be deleted themselves."""
        for definition in definitions:
            spec = definition["spec"]
            version = next((one["name"] for one in spec["versions"] if one.get("served")), "")
            if not version:
                continue
            kind = spec["names"]["kind"]
            resource = Resource(f"{spec['group']}/{version}", kind, spec["names"]["plural"], False)
            known = {obj["metadata"]["uid"] for obj in going.get(kind, ())}
            answer = self._client.get_or_none(resource.collection(), limit=len(known) + 1) or {}
            items = answer.get("items") or []
            others = [item for item in items if item["metadata"]["uid"] not in known]
            if others:
                rest = (answer.get("metadata") or {}).get("remainingItemCount") or 0
                raise KubeError(
                    f"{ref_of(definition)}: there are {len(others) + rest} objects of the kind {kind}, which would go "
                    f"with their definition; {self._advice}"
                )

    def _check_claims(self, objects: list[dict]) -> None:
        """Refuse objects of an operator that own claims."""
        owners = {obj["metadata"]["uid"]: obj for obj in objects}
        for namespace in sorted({obj["metadata"].get("namespace", "") for obj in objects} - {""}):
            try:
                claims, _ = self._client.list_all(_claims_path(namespace))
            except ApiError as error:
                if error.status != 403:
                    raise
                self.warnings.append(f"whether the objects own claims is not known: {error}")
                continue
            for claim in claims:
                for owner in claim["metadata"].get("ownerReferences") or []:
                    if owner.get("uid") in owners:
                        raise KubeError(
                            f"{ref_of(owners[owner['uid']])} owns PersistentVolumeClaim {namespace}/"
                            f"{claim['metadata']['name']}, whose data would go too; {self._advice}"
                        )


def deletes_claims(stateful_set: dict) -> bool:
    """Return whether the controller deletes the claims of a StatefulSet together with it."""
    policy = stateful_set["spec"].get("persistentVolumeClaimRetentionPolicy") or {}
    return policy.get("whenDeleted") == "Delete"


def is_marked(obj: dict) -> bool:
    """Return whether an object has the mark to keep it when it is no longer declared, Slipway's or helm's."""
    annotations = obj["metadata"].get("annotations") or {}
    return annotations.get(KEEP) == "true" or annotations.get(HELM_KEEP) == "keep"


def _claims_path(namespace: str) -> str:
    return f"/api/v1/namespaces/{path_segment(namespace)}/persistentvolumeclaims"


def _names(objects: list[dict]) -> str:
    return first_of(list(map(ref_of, objects)))
