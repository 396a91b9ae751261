"""Create the namespaces that a task uses."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient, gather
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_ending, kind_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment


def missing_namespaces(
    client: KubeClient, objects: list[dict], namespace: str, labels: dict | None = None
) -> list[dict]:
    """Return manifests of the namespaces that objects use and that do not exist.

    Existing namespaces are not touched, because they may belong to another client.

    Args:
        client: Sends the requests.
        objects: The objects of the task.
        namespace: The namespace of the task itself.
        labels: Labels of the namespaces that are created.

    Raises:
        KubeError: The API server refused to read a namespace.
    """
    declared = {obj["metadata"]["name"] for obj in objects if kind_of(obj) == "Namespace"}
    used = {obj["metadata"].get("namespace") for obj in objects} | {namespace}
    names = sorted(used - declared - {None})
    found = gather(
        client, lambda name: client.get_or_none(f"/api/v1/namespaces/{path_segment(name)}"), names
    )
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, **({"labels": labels} if labels else {})},
        }
        for name, answer in zip(names, found)
        # prepare() waits for the end of a namespace that is being deleted
        if not answer or is_ending(answer)
    ]
