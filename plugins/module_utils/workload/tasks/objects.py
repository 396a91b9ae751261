"""Read objects of any kind: the work of the ``objects_info`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.kinds import KINDS
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import HIDDEN


def read_objects(module) -> dict:
    """Read the objects that the parameters describe.

    Raises:
        KubeError: The kind is not served, or the API server refused to read it.
    """
    params = module.params
    kind = params["kind"]
    version = params.get("api_version") or (KINDS[kind].api_version if kind in KINDS else "v1")
    client = KubeClient(params)
    resource = Discovery(client).find(version, kind)
    if resource is None:
        hint = "" if params.get("api_version") else "; set api_version"
        raise KubeError(f"the API server does not serve the kind {kind} in {version}{hint}")
    namespace = "" if params["all_namespaces"] else params["namespace"]
    if params.get("name"):
        found = client.get_or_none(resource.path(namespace, params["name"]))
        items = [found] if found else []
    else:
        selectors = {
            "labelSelector": params["label_selector"],
            "fieldSelector": params["field_selector"],
        }
        items, _ = client.list_all(
            resource.collection(namespace),
            **{name: text for name, text in selectors.items() if text},
        )
    whole = [{**item, "apiVersion": version, "kind": kind} for item in items]
    return {"objects": [_shown(obj, params["show_secrets"]) for obj in whole]}


def _shown(obj: dict, show_secrets: bool) -> dict:
    metadata = {name: value for name, value in obj["metadata"].items() if name != "managedFields"}
    if obj["kind"] == "Secret" and not show_secrets:
        metadata.get("annotations", {}).pop(
            "kubectl.kubernetes.io/last-applied-configuration", None
        )
        obj = {**obj, "data": dict.fromkeys(obj.get("data") or {}, HIDDEN)}
    return {**obj, "metadata": metadata}
