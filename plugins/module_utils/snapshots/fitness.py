"""Check that a lab fits this machine: its space, addresses and directories."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Manifest

RESERVE = 256 << 20


def check_space(info: dict[str, Any], manifest: Manifest) -> None:
    """Check that the disk of the engine has space for the contents of a snapshot.

    Args:
        info: Facts about the engine.
        manifest: The snapshot.

    Raises:
        SnapshotError: The space is not enough.
    """
    place = Path(info.get("DockerRootDir") or "/")
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < manifest.content + RESERVE:
        raise SnapshotError(
            f"the disk of Docker ({place}) has {free >> 20} MiB free, and the restored lab needs "
            f"{manifest.content >> 20} MiB beside the present one; free some space first"
        )


def check_network(networks: Iterable[Mapping[str, Any]], manifest: Manifest, lab: str) -> bool:
    """Check that the addresses of the hosts are free; return whether the lab has its network already.

    Args:
        networks: All networks of the engine.
        manifest: The snapshot.
        lab: Name of the restored lab.

    Raises:
        SnapshotError: Another network has them, or the lab has another network.
    """
    wanted, exists = manifest.subnet, False
    for one in networks if wanted else ():
        subnets = [part["Subnet"] for part in one["IPAM"]["Config"] or []]
        if one["Name"] == f"slipway-{lab}":
            exists = True
            if wanted not in subnets:
                raise SnapshotError(
                    f"the lab {lab} has the network {', '.join(subnets)} now, and that of the snapshot is {wanted}; "
                    f"remove the lab first (./slipway down --lab {lab})"
                )
        elif wanted in subnets:
            raise SnapshotError(
                f"the hosts of the snapshot have addresses in {wanted}, which the network {one['Name']} uses. "
                "Certificates and settings inside the lab contain these addresses, so they cannot change. "
                "Remove the other lab first"
            )
    return exists


def check_mounts(sources: Iterable[str], coming: Iterable[Path], cache: Path) -> None:
    """Check that everything that containers mount exists: the engine would create an empty directory.

    Args:
        sources: Paths that they mount.
        coming: Files and directories that the snapshot contains.
        cache: Directory of the cache.

    Raises:
        SnapshotError: One is missing.
    """
    contained, made = [str(one) for one in coming], (f"{cache}/apt/", f"{cache}/registry")
    for source in sources:
        if any(source == one or source.startswith(f"{one}/") for one in contained):
            continue
        if source.startswith(made):
            Path(source).mkdir(parents=True, exist_ok=True)
        elif not Path(source).exists():
            raise SnapshotError(
                f"{source} is missing, and the lab of the snapshot needs it. It belongs to the version of Slipway that "
                "saved the snapshot; let this version fill the cache with ./slipway up --lab OTHER"
            )
