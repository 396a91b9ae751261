"""Find the objects of an application by their labels."""

from __future__ import annotations

import re

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    RENDERED_KINDS,
    api_version_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    MANAGED_LABEL,
    NAME_LABEL,
)

NAMES_PER_REQUEST = 100


def objects_of_apps(
    client: KubeClient, discovery: Discovery, apps: list[dict], warnings: list[str] | None = None
) -> dict[ObjectRef, dict]:
    """Return the objects that Slipway created for applications, with the claims of their StatefulSets.

    Args:
        client: Sends the requests.
        discovery: Finds the paths of kinds.
        apps: The applications, each with ``name`` and ``namespace``.
        warnings: Receives a text about the kinds that the account may not list. Without it, that is an error.

    Raises:
        KubeError: The API server refused to list a kind.
    """
    if not apps:
        return {}
    discovery.load({api_version_of(kind) for kind in RENDERED_KINDS})
    work = _collections(apps)

    def read(item):
        version, kind, namespace, selector = item
        resource = discovery.find(version, kind)
        if resource is None:
            return []
        return client.list_all(resource.collection(namespace), labelSelector=selector)[0]

    found: dict[ObjectRef, dict] = {}
    refused: dict[str, None] = {}
    for (version, kind, namespace, _), items in zip(work, client.parallel(read, work)):
        if isinstance(items, ApiError) and items.status == 403 and warnings is not None:
            refused.setdefault(str(items), None)
            continue
        if isinstance(items, KubeError):
            raise items
        for item in items:
            key = ObjectRef(version, kind, namespace, item["metadata"]["name"])
            found[key] = {"apiVersion": version, "kind": kind, **item}
    if refused and warnings is not None:
        texts = "; ".join(refused)
        warnings.append(
            f"undeclared objects of some kinds stay, the account may not list them: {texts}"
        )
    return {ref: obj for ref, obj in found.items() if _belongs(ref, obj, found)}


def _collections(apps: list[dict]) -> list[tuple[str, str, str, str]]:
    """Return what to list for applications: API version, kind, namespace and label selector."""
    names: dict[str, list[str]] = {}
    for app in apps:
        names.setdefault(app["namespace"], []).append(app["name"])
    work = []
    for namespace, here in names.items():
        for start in range(0, len(here), NAMES_PER_REQUEST):
            chosen = f"{NAME_LABEL} in ({','.join(here[start : start + NAMES_PER_REQUEST])})"
            ours = f"{MANAGED_LABEL}=slipway,{chosen}"
            work += [(api_version_of(kind), kind, namespace, ours) for kind in RENDERED_KINDS]
            # claims of a StatefulSet carry the labels of its selector only
            work.append(("v1", "PersistentVolumeClaim", namespace, chosen))
    return work


def _belongs(ref: ObjectRef, obj: dict, found: dict[ObjectRef, dict]) -> bool:
    """Return whether an object is Slipway's by its label, or a claim of a StatefulSet that is.

    Claims of other tools can have the same name label.
    """
    labels = obj["metadata"].get("labels") or {}
    if labels.get(MANAGED_LABEL) == "slipway":
        return True
    app = labels.get(NAME_LABEL, "")
    stateful_set = found.get(ObjectRef("apps/v1", "StatefulSet", ref.namespace, app))
    templates = ((stateful_set or {}).get("spec") or {}).get("volumeClaimTemplates") or []
    return any(
        re.fullmatch(f"{re.escape(template['metadata']['name'])}-{re.escape(app)}-[0-9]+", ref.name)
        for template in templates
    )
