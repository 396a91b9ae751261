"""Find the objects of an application by their labels."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import (
    RENDERED_KINDS,
    api_version_of,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ObjectRef
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    MANAGED_LABEL,
    NAME_LABEL,
)

DATA = ("PersistentVolumeClaim",)
NAMES_PER_REQUEST = 100


def objects_of_apps(
    client: KubeClient, discovery: Discovery, apps: list[dict]
) -> dict[ObjectRef, dict]:
    """Return the objects that Slipway created for applications.

    Args:
        client: Sends the requests.
        discovery: Finds the paths of kinds.
        apps: The applications, each with ``name`` and ``namespace``.

    Raises:
        KubeError: The API server refused to list a kind.
    """
    if not apps:
        return {}
    discovery.load({api_version_of(kind) for kind in RENDERED_KINDS})
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
            work += [("v1", kind, namespace, chosen) for kind in DATA]

    def read(item):
        version, kind, namespace, selector = item
        resource = discovery.find(version, kind)
        if resource is None:
            return []
        return client.list_all(resource.collection(namespace), labelSelector=selector)[0]

    found: dict[ObjectRef, dict] = {}
    for (version, kind, namespace, _), items in zip(work, client.parallel(read, work)):
        if isinstance(items, KubeError):
            raise items
        for item in items:
            key = ObjectRef(version, kind, namespace, item["metadata"]["name"])
            found[key] = {"apiVersion": version, "kind": kind, **item}
    return found
