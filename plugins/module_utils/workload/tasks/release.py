"""Describe a release and what a chart may know about its cluster: the work of the ``release_info`` module."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.workload.release.record import (
    helm_revisions,
    read_record,
    revision_of,
)


def read_release(module) -> dict:
    """Return the record of a release, helm's latest revision, and the versions that the API server has.

    Raises:
        KubeError: The API server refused a request.
    """
    client = KubeClient(module.params)
    place = module.params["namespace"], module.params["name"]
    revisions = helm_revisions(client, *place)
    return {
        "release": read_record(client, *place),
        "helm": _revision(revisions[-1]) if revisions else None,
        "version": client.get("/version").get("gitVersion", ""),
        "api_versions": _api_versions(client),
    }


def _revision(secret: dict) -> dict:
    labels = secret["metadata"]["labels"]
    return {"revision": revision_of(secret), "status": labels.get("status", "")}


def _api_versions(client: KubeClient) -> list[str]:
    """Return versions and kinds as charts ask for them: ``apps/v1`` and ``apps/v1/Deployment``."""
    versions = ["v1"]
    for group in client.get("/apis").get("groups") or []:
        versions += [one["groupVersion"] for one in group["versions"]]
    found = client.parallel(
        lambda version: client.get(f"/apis/{version}" if "/" in version else f"/api/{version}"),
        versions,
    )
    result = list(versions)
    for version, answer in zip(versions, found):
        # an extension of the API that is down has no kinds
        resources = [] if isinstance(answer, KubeError) else answer.get("resources") or []
        result += [f"{version}/{one['kind']}" for one in resources if "/" not in one["name"]]
    return sorted(set(result))
