"""Save a lab that is stopped."""

from __future__ import annotations

import getpass
import json
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.copying import (
    Copier,
    state_entries,
    tree_size,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import (
    STATE,
    Manifest,
    Part,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.parallel import Report, run_all
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.store import Store

# The space that a snapshot leaves free.
RESERVE = 256 << 20


@dataclass(frozen=True)
class Place:
    """The paths of a lab.

    Attributes:
        lab: Its name.
        state: Directory of its state.
        cache: Directory of the cache.
    """

    lab: str
    state: Path
    cache: Path


class Saving:
    """Saves one lab.

    Args:
        engine: The engine of the lab.
        store: Where the snapshot is written.
        packer: Runs the programs.
        place: The lab.
    """

    def __init__(self, engine: Engine, store: Store, packer: Packer, place: Place):
        self.engine = engine
        self.store = store
        self.packer = packer
        self.place = place
        self.sizes: dict[str, int] = {}

    def plan(self, name: str) -> dict[str, Any]:
        """Check that the lab can be saved; return the bytes that it has and that are free.

        Raises:
            SnapshotError: The name is in use, there is no such lab, or the space is not enough.
        """
        self.store.check_new(name)
        self.containers = self.engine.containers(self.place.lab)
        self.volumes = self.engine.volumes(self.place.lab)
        if not self.containers:
            raise SnapshotError(f"the lab {self.place.lab} has no containers that could be saved")
        image = self.containers[0]["Image"]
        for one in self.containers:
            self.sizes.setdefault(root_key(one), self.engine.root_size(one["Id"]))
            image = one["Image"] if one["Mounts"] and not is_fixed(one) else image
        self.copier = Copier(self.packer, Path(), image)
        names = [one["Name"] for one in self.volumes]
        self.sizes |= dict(zip(names, self.copier.volume_sizes(names)))
        self.sizes[STATE] = tree_size(self.place.state, state_entries(self.place.state))
        needed, free = sum(self.sizes.values()), self.store.free()
        if free < needed + RESERVE:
            raise SnapshotError(
                f"{self.store.directory} has {free >> 20} MiB free, and the snapshot can need {needed >> 20} MiB; "
                "free some space, or set slipway_snapshots_dir to a directory on another disk",
                content=needed,
                free=free,
            )
        return {"content": needed, "free": free}

    def save(self, name: str, report: Report) -> Manifest:
        """Save the lab; return what was saved.

        Args:
            name: Name of the snapshot.
            report: Gets a text, the number of saved parts and of all.

        Raises:
            SnapshotError: The lab runs, or cannot be saved.
        """
        self.plan(name)
        if running := [
            one["Name"].lstrip("/") for one in self.containers if one["State"]["Running"]
        ]:
            raise SnapshotError(
                f"{', '.join(running)} runs; stop the lab first, so that databases have closed their files"
            )
        with self.store.writing(name) as folder:
            manifest = self._manifest()
            self.copier.scratch = folder
            manifest.parts = run_all(self._jobs(folder), self.packer.interrupt, report)
            for pipe in folder.glob("pipe-*/data"):
                pipe.unlink()
                pipe.parent.rmdir()
            manifest.write(folder)
        return manifest

    def _jobs(self, folder: Path) -> dict[str, Callable[[], Part]]:
        """Return what saves each part, the largest first."""
        jobs: dict[str, Callable[[], Part]] = {}

        def add(key: str, work: Callable[..., Part], source: Any, *rest: int) -> None:
            target = folder / f"{key}.tar.zst"
            jobs[key] = lambda: work(source, target, *rest)

        for one in self.volumes:
            add(one["Name"], self.copier.save_volume, one["Name"], self.sizes[one["Name"]])
        for one in self.containers:
            if root_key(one) not in jobs:
                add(root_key(one), self.copier.save_root, one["Id"], self.sizes[root_key(one)])
        add(STATE, self.copier.save_state, self.place.state)
        return dict(sorted(jobs.items(), key=lambda item: -self.sizes[item[0]]))

    def _manifest(self) -> Manifest:
        networks = self.engine.networks(self.place.lab)
        return Manifest(
            lab=self.place.lab,
            created=time.time(),
            machine={
                "architecture": platform.machine(),
                "cgroup": str(self.engine.info().get("CgroupVersion", "1")),
            },
            account={"name": getpass.getuser(), "uid": os.getuid(), "gid": os.getgid()},
            directories={"state": str(self.place.state), "cache": str(self.place.cache)},
            inventories=_inventories(self.place.state),
            network=next((_network(one) for one in networks), {}),
            containers=[describe(one) for one in self.containers],
            volumes=[{"name": one["Name"], "labels": one["Labels"]} for one in self.volumes],
        )


def root_key(container: dict[str, Any]) -> str:
    """Return the key of the part with the root file system of a container.

    Containers that cannot change theirs share one.
    """
    if is_fixed(container):
        return f"image-{container['Image'].partition(':')[2][:12]}"
    return f"root-{container['Name'].lstrip('/')}"


def is_fixed(container: dict[str, Any]) -> bool:
    """Return whether a container cannot change its root file system."""
    return bool(container["HostConfig"].get("ReadonlyRootfs"))


def describe(container: dict[str, Any]) -> dict[str, Any]:
    """Return what is needed to create a container again."""
    networks = container["NetworkSettings"]["Networks"]
    addresses = {
        name: {"IPAMConfig": one["IPAMConfig"]}
        for name, one in networks.items()
        if one["IPAMConfig"]
    }
    return {
        "name": container["Name"].lstrip("/"),
        "root": root_key(container),
        "fixed": is_fixed(container),
        "config": container["Config"],
        "host": container["HostConfig"],
        "addresses": addresses,
    }


def _network(network: dict[str, Any]) -> dict[str, Any]:
    subnet = next((part["Subnet"] for part in network["IPAM"]["Config"] or []), "")
    return {"name": network["Name"], "subnet": subnet, "labels": network["Labels"]}


def _inventories(state: Path) -> list[str]:
    """Return the inventories of the lab, which the command records for commands that only get its name."""
    try:
        found = json.loads((state / "lab.json").read_text(encoding="utf-8"))["inventories"]
        return [str(one) for one in found]
    except (OSError, ValueError, LookupError, TypeError):
        return []
