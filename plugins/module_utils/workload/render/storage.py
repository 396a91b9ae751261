"""Render the volumes of an application and their claims."""

from __future__ import annotations

from ansible_collections.slipway.lab.plugins.module_utils.workload.render.metadata import (
    metadata,
    without_none,
)
from ansible_collections.slipway.lab.plugins.module_utils.workload.spec import AppSpec


def claim_spec(volume: dict) -> dict:
    """Return the spec of the PersistentVolumeClaim for a volume with a size."""
    return without_none(
        {
            "accessModes": [volume.get("access_mode") or "ReadWriteOnce"],
            "storageClassName": volume.get("storage_class"),
            "resources": {"requests": {"storage": volume["size"]}},
        }
    )


def render_claims(app: AppSpec) -> list[dict]:
    """Return the claims of an application. A StatefulSet creates its own from templates."""
    if app.kind == "StatefulSet":
        return []
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": metadata(app, claim_name(app, volume)),
            "spec": claim_spec(volume),
        }
        for volume in app.volumes
        if volume.get("size")
    ]


def claim_name(app: AppSpec, volume: dict) -> str:
    """Return the name of the PersistentVolumeClaim for a volume with a size."""
    return f"{app.name}-{volume['name']}"


def pod_volumes(app: AppSpec) -> list[dict]:
    """Return the volumes of the pod template."""
    result = []
    mounted = {mount["volume"] for one in app.all_containers for mount in one.mounts}
    if app.config and "config" in mounted:
        result.append({"name": "config", "configMap": {"name": app.name}})
    if app.secrets and "secrets" in mounted:
        result.append({"name": "secrets", "secret": {"secretName": app.name}})
    for volume in app.volumes:
        if volume.get("size"):
            if app.kind == "StatefulSet":
                continue
            source = {"persistentVolumeClaim": {"claimName": claim_name(app, volume)}}
        elif volume.get("claim"):
            source = {"persistentVolumeClaim": {"claimName": volume["claim"]}}
        elif volume.get("config_map"):
            source = {"configMap": {"name": volume["config_map"]}}
        elif volume.get("secret"):
            source = {"secret": {"secretName": volume["secret"]}}
        elif volume.get("host_path"):
            source = {"hostPath": {"path": volume["host_path"]}}
        else:
            source = {"emptyDir": {}}
        result.append({"name": volume["name"], **source})
    return result
