"""The requests that create the containers of a snapshot again."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.labs.labels import LAB
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Manifest


@dataclass(frozen=True)
class Target:
    """The lab that a snapshot becomes.

    Attributes:
        lab: Its name.
        state: Directory of its state.
        cache: Directory of the cache.
        labels: Labels of the lab: its name and owner.
        user: ``UID:GID`` of the account.
    """

    lab: str
    state: Path
    cache: Path
    labels: Mapping[str, str]
    user: str


def container_name(manifest: Manifest, target: Target, name: str) -> str:
    """Return the name of a container, volume or network in the restored lab."""
    prefix = f"slipway-{manifest.lab}"
    if name == prefix or name.startswith(f"{prefix}-"):
        return f"slipway-{target.lab}{name[len(prefix) :]}"
    return name


def labels_of(target: Target, saved: Mapping[str, str] | None) -> dict[str, str]:
    """Return the labels of an object in the restored lab, which belongs to the account that restores it."""
    return {**(saved or {}), **target.labels, LAB: target.lab}


def local_path(manifest: Manifest, target: Target, path: str) -> str:
    """Return where a directory of the lab is on this machine."""
    for saved, mine in (
        (manifest.directories["state"], target.state),
        (manifest.directories["cache"], target.cache),
    ):
        if path == saved or path.startswith(f"{saved}/"):
            return f"{mine}{path[len(saved) :]}"
    return path


def creation(
    manifest: Manifest, target: Target, saved: Mapping[str, Any], image: str, volumes: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    """Return the body of the request that creates a container.

    Args:
        manifest: The snapshot.
        target: The restored lab.
        saved: The container in the snapshot.
        image: Its image.
        volumes: Names of the restored volumes by their names in the snapshot.
    """
    config, host = copy.deepcopy(saved["config"]), copy.deepcopy(saved["host"])
    config |= {"Image": image, "Labels": labels_of(target, config["Labels"])}
    account = manifest.account
    if config["User"] == f"{account['uid']}:{account['gid']}":
        config["User"] = target.user
    host["NetworkMode"] = container_name(manifest, target, host["NetworkMode"])
    host["Binds"] = [_bind(manifest, target, one) for one in host["Binds"] or []]
    for mount in host.get("Mounts") or []:
        if mount["Type"] == "volume":
            mount["Source"] = volumes[mount["Source"]]
            options = mount.setdefault("VolumeOptions", {})
            options["Labels"] = labels_of(target, options.get("Labels"))
    addresses = {
        container_name(manifest, target, name): one for name, one in saved["addresses"].items()
    }
    return {**config, "HostConfig": host, "NetworkingConfig": {"EndpointsConfig": addresses}}


def _bind(manifest: Manifest, target: Target, bind: str) -> str:
    source, _, rest = bind.partition(":")
    return f"{local_path(manifest, target, source)}:{rest}"
