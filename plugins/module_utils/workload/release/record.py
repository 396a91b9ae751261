"""Records of a release in the cluster: Slipway's own, and the Secrets of helm."""

from __future__ import annotations

import base64
import gzip
import json

from ansible_collections.slipway.lab.plugins.module_utils.common.manifest_text import applyset_of
from ansible_collections.slipway.lab.plugins.module_utils.kube import field_managers
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    APPLY,
    MERGE,
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import ApiError, KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

ANNOTATION = "slipway/release"
HELM_TYPE = "helm.sh/release.v1"
HELM = "helm"
# The owner of helm's Secrets after a takeover. helm finds them by this label, and so no longer does.
TAKEN_OVER = "slipway"


def read_record(client: KubeClient, namespace: str, name: str) -> dict | None:
    """Return what the last run recorded of a release: ``chart``, ``version``, ``digest`` and ``mode``.

    Raises:
        KubeError: The API server refused to read the record.
    """
    parent = client.get_or_none(_path(namespace, applyset_of(name))) or {"metadata": {}}
    text = (parent["metadata"].get("annotations") or {}).get(ANNOTATION)
    return json.loads(text) if text else None


def write_record(client: KubeClient, namespace: str, name: str, record: dict | None) -> None:
    """Record a release on its ApplySet; None takes the record away.

    Raises:
        KubeError: The API server refused.
    """
    secret = applyset_of(name)
    metadata: dict = {"name": secret, "namespace": namespace}
    if record:
        metadata["annotations"] = {ANNOTATION: json.dumps(record, sort_keys=True)}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
    manager = field_managers.RELEASE
    client.patch(_path(namespace, secret), body, APPLY, fieldManager=manager, force=True)


def helm_revisions(client: KubeClient, namespace: str, name: str, owner: str = HELM) -> list[dict]:
    """Return the Secrets in which helm keeps the revisions of a release, the latest last.

    Raises:
        KubeError: The API server refused to list them.
    """
    try:
        found, _ = client.list_all(
            f"/api/v1/namespaces/{path_segment(namespace)}/secrets",
            labelSelector=f"owner={owner},name={name}",
            fieldSelector=f"type={HELM_TYPE}",
        )
    except ApiError as error:
        if error.status != 403:
            raise
        return []  # the annotations of helm's objects still tell
    return sorted(found, key=revision_of)


def revision_of(secret: dict) -> int:
    """Return the number of a revision of helm."""
    return int(secret["metadata"]["labels"].get("version") or 0)


def decoded(secret: dict) -> dict:
    """Return the content of a revision of helm: chart, manifest, values.

    Raises:
        KubeError: It is in another form.
    """
    try:
        packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
        return json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
    except (KeyError, ValueError, OSError) as error:
        raise KubeError(
            f"Secret {secret['metadata']['name']} is not a valid release of helm: {error}"
        ) from error


def change_owner(client: KubeClient, secrets: list[dict], owner: str) -> None:
    """Give helm's Secrets another owner, so that helm no longer finds them, or finds them again.

    Raises:
        KubeError: The API server refused.
    """
    for secret in secrets:
        metadata = secret["metadata"]
        body = {"metadata": {"uid": metadata["uid"], "labels": {"owner": owner}}}
        client.patch(_path(metadata["namespace"], metadata["name"]), body, MERGE)


def _path(namespace: str, name: str) -> str:
    return f"/api/v1/namespaces/{path_segment(namespace)}/secrets/{path_segment(name)}"
