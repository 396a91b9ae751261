"""Owners of the objects of a release, by the annotations that helm writes."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube import manifests
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applyset import (
    PART_OF,
    described,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import (
    ObjectRef,
    first_of,
    ref_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.context import ApplyContext
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.declared import Release

NAME, NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"


def check_owners(release: Release, live: dict[ObjectRef, dict], adopts: bool) -> None:
    """Refuse objects of a release of helm, unless the task takes this release over.

    Raises:
        KubeError: Some objects belong to another release. In a takeover, also those that belong to none.
    """
    mine = (release.name, release.namespace) if adopts else None
    declared = {ref_of(obj) for obj in release.objects}
    wrong = []
    for ref, obj in live.items():
        owner = _owner(obj)
        is_ours = PART_OF in (obj["metadata"].get("labels") or {})
        if ref in declared and not is_ours and owner != mine:
            wrong.append(f"{ref} ({f'of release {owner[0]}' if owner else 'of no release'})")
    if wrong:
        raise KubeError(
            f"these objects do not belong to the release {release.name}: {first_of(wrong)}; "
            "nothing was applied. Remove them, or take them over with force: true"
        )


def check_deletable(context: ApplyContext, live: dict[ObjectRef, dict]) -> None:
    """Refuse to delete objects of a set, or of a release of helm, that the task does not name.

    Raises:
        KubeError: Some objects belong to one.
    """
    client, namespace = context.cluster.client, context.declaration.namespace
    record = context.named_set()
    own = record.id if record else ""
    wrong = []
    for ref, obj in live.items():
        metadata = obj["metadata"]
        part_of = (metadata.get("labels") or {}).get(PART_OF)
        release = (metadata.get("annotations") or {}).get(NAME)
        if part_of and part_of != own:
            wrong.append(f"{ref} ({described(client, namespace, part_of)})")
        elif release and not part_of:
            wrong.append(f"{ref} (the release {release} of helm)")
    if wrong:
        raise KubeError(
            f"these objects belong to others: {first_of(wrong)}; nothing was deleted. Delete them where they are "
            "declared, name their applyset, or delete them with force: true"
        )


def undeclared_objects(context: ApplyContext, text: str) -> dict[ObjectRef, dict]:
    """Return the live objects of helm's manifest that the task does not declare.

    Args:
        context: The run of the module.
        text: The manifest of helm's latest revision.

    Raises:
        KubeError: The manifest cannot be read, or the API server refused.
    """
    release, cluster = context.declaration.release, context.cluster
    errors = ValidationErrors()
    recorded = manifests.load([{"text": text, "source": f"helm's release {release.name}"}], errors)
    errors.stop()
    placed = manifests.place(recorded, release.namespace, cluster.discovery)
    declared = {ref_of(obj) for obj in context.declaration.objects}
    refs = [ref for ref in map(ref_of, placed) if ref not in declared]
    found = read_live(cluster.client, cluster.discovery, refs)
    return {
        ref: obj for ref, obj in found.items() if _owner(obj) == (release.name, release.namespace)
    }


def _owner(obj: dict) -> tuple[str, str] | None:
    """Return name and namespace of the release of helm that has an object."""
    annotations = obj["metadata"].get("annotations") or {}
    return (annotations[NAME], annotations.get(NAMESPACE, "")) if NAME in annotations else None
