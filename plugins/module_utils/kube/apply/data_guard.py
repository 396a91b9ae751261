"""Keep marked objects, and refuse deletions that would take persistent data along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.claim_owners import (
    claims_in,
    owned_claims,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery, Resource
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import KINDS, ApplyWave
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    first_of,
    group_of,
    kind_of,
    ref_of,
)

# Claims, volumes and their snapshots, which are often the only copy.
VOLUMES = (
    "PersistentVolumeClaim",
    "PersistentVolume",
    "VolumeSnapshot",
    "VolumeSnapshotContent",
)
# Deleting one of these deletes data, or everything in it.
HOLDS_DATA = (*VOLUMES, "Namespace", "CustomResourceDefinition")
ADVICE = "nothing was deleted. Move the data, or set remove_data: true"
POLICY = "persistentVolumeClaimRetentionPolicy"
KEEP, HELM_KEEP = "slipway/keep", "helm.sh/resource-policy"


class DataGuard:
    """Looks for data that would go with objects.

    Args:
        client: Reads what the objects own or contain.
        discovery: Finds the paths of the owners of claims.
        orphan: Whether the objects that they own stay.
        advice: Ends each refusal.

    The attribute ``warnings`` has a text for each place where the account may not see whether there is data.
    """

    def __init__(
        self, client: KubeClient, discovery: Discovery, orphan: bool = False, advice: str = ADVICE
    ):
        self.warnings: list[str] = []
        self._client = client
        self._discovery = discovery
        self._orphan = orphan
        self._advice = advice

    def check(self, objects: Iterable[dict]) -> None:
        """Refuse to delete objects whose deletion deletes data.

        Args:
            objects: All objects that are to be deleted, as the server has them.

        Raises:
            KubeError: An object is a volume or a claim, contains or owns one, or defines a kind of which other objects
                exist; or the API server refused to look.
        """
        for _, reason in self.held(objects):
            raise KubeError(f"{reason}; {self._advice}")

    def held(self, objects: Iterable[dict]) -> Iterator[tuple[list[dict], str]]:
        """Yield the objects that hold data, and the reasons.

        Args:
            objects: As in ``check``.
        """
        objects = list(objects)
        by_kind: dict[str, list[dict]] = {}
        for obj in objects:
            by_kind.setdefault(kind_of(obj), []).append(obj)
        for kind, those in by_kind.items():
            if kind in VOLUMES:
                yield those, f"{_names(those)}: deleting a {kind} deletes its data"
            elif kind == "Namespace":
                yield from self._namespaces_with_claims(those)
            elif kind == "CustomResourceDefinition":
                yield from self._definitions_in_use(those, objects)
            elif kind == "StatefulSet" and not self._orphan:
                yield from _stateful_sets_that_delete(those)
        if not self._orphan:
            yield from self._owners_of_claims(list(filter(_may_own_claims, objects)))

    def _namespaces_with_claims(self, objects: list[dict]) -> Iterator[tuple[list[dict], str]]:
        for obj in objects:
            name = obj["metadata"]["name"]
            try:
                claims = claims_in(self._client, name)
            except ApiError as error:
                yield [obj], f"whether Namespace {name} has claims is not known: {error}"
                continue
            if claims:
                names = first_of([claim["metadata"]["name"] for claim in claims])
                yield (
                    [obj],
                    f"Namespace {name} has {len(claims)} PersistentVolumeClaims ({names}), whose data would go too",
                )

    def _definitions_in_use(
        self, definitions: list[dict], going: list[dict]
    ) -> Iterator[tuple[list[dict], str]]:
        """Yield definitions of kinds of which there are objects that are not to be deleted themselves."""
        for definition in definitions:
            spec = definition["spec"]
            version = next((one["name"] for one in spec["versions"] if one.get("served")), "")
            if not version:
                continue
            kind = spec["names"]["kind"]
            resource = Resource(f"{spec['group']}/{version}", kind, spec["names"]["plural"], False)
            known = {obj["metadata"]["uid"] for obj in going if obj["kind"] == kind}
            try:
                answer = self._client.get_or_none(resource.collection(), limit=len(known) + 1) or {}
            except ApiError as error:
                yield (
                    [definition],
                    f"whether there are objects of the kind {kind} is not known: {error}",
                )
                continue
            items = answer.get("items") or []
            others = [item for item in items if item["metadata"]["uid"] not in known]
            if others:
                rest = (answer.get("metadata") or {}).get("remainingItemCount") or 0
                yield (
                    [definition],
                    f"{ref_of(definition)}: there are {len(others) + rest} objects of the kind {kind}, which would go "
                    "with their definition",
                )

    def _owners_of_claims(self, objects: list[dict]) -> Iterator[tuple[list[dict], str]]:
        """Yield objects that own claims, also through other objects."""
        by_place: dict[str, list[dict]] = {}
        for obj in objects:
            by_place.setdefault(ref_of(obj).namespace, []).append(obj)
        for namespace, those in by_place.items():
            try:
                for owner, *below in owned_claims(self._client, self._discovery, those, namespace):
                    chain = ", which owns ".join(str(ref_of(obj)) for obj in below)
                    yield [owner], f"{ref_of(owner)} owns {chain}, whose data would go too"
            except ApiError as error:
                if error.status != 403:
                    raise
                self.warnings.append(f"whether the objects own claims is not known: {error}")


def _may_own_claims(obj: dict) -> bool:
    """Return whether an object is of a kind that owns claims: a workload, or a kind of which only others know more."""
    kind = KINDS.get(obj["kind"])
    if kind is None or group_of(kind.api_version) != group_of(obj.get("apiVersion", "")):
        return True
    return kind.wave is ApplyWave.WORKLOAD


def _stateful_sets_that_delete(objects: list[dict]) -> Iterator[tuple[list[dict], str]]:
    """Yield StatefulSets whose controller deletes their claims with them."""
    found = [
        obj for obj in objects if (obj["spec"].get(POLICY) or {}).get("whenDeleted") == "Delete"
    ]
    if found:
        yield (
            found,
            f"{_names(found)}: its {POLICY} deletes its claims with it (whenDeleted: Retain keeps them)",
        )


def check_scale_in(pairs: Iterable[tuple[dict, dict]]) -> None:
    """Refuse fewer pods of StatefulSets whose controller deletes the claims of pods that go.

    Args:
        pairs: Objects as the server has them, each with its declaration, or only with its number of pods.

    Raises:
        KubeError: Claims would go.
    """
    found = [live for live, declared in pairs if _loses_claims(live, declared.get("spec") or {})]
    if found:
        raise KubeError(
            f"{_names(found)}: its {POLICY} deletes the claims of the pods that go (whenScaled: Retain keeps them); "
            "nothing was changed. Set remove_data: true to delete them"
        )


def _loses_claims(live: dict, declared: dict) -> bool:
    if kind_of(live) != "StatefulSet" or declared.get("replicas") is None:
        return False
    policy = declared.get(POLICY) or live["spec"].get(POLICY) or {}
    return policy.get("whenScaled") == "Delete" and declared["replicas"] < live["spec"].get(
        "replicas", 1
    )


def is_marked(obj: dict) -> bool:
    """Return whether an object has the mark to keep it when it is no longer declared, Slipway's or helm's."""
    annotations = obj["metadata"].get("annotations") or {}
    return annotations.get(KEEP) == "true" or annotations.get(HELM_KEEP) == "keep"


def _names(objects: list[dict]) -> str:
    return first_of(list(map(ref_of, objects)))
