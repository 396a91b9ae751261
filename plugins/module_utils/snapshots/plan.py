"""The objects that a restore creates, and whether it may."""

from __future__ import annotations

import uuid
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.fitness import (
    check_network,
    check_space,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.journal import (
    RESTORED_IMAGE,
    Journal,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Manifest
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.requests import (
    Target,
    container_name,
    creation,
    labels_of,
)

# Label of restored volumes.
FIRST_NAME = "slipway.volume"


def first_name(volume: dict[str, Any]) -> str:
    """Return the name that a volume had before it was restored beside itself."""
    return str((volume["labels"] or {}).get(FIRST_NAME) or volume["name"])


class RestorePlan:
    """The objects of a restored lab.

    Args:
        engine: The engine.
        name: Name of the snapshot.
        manifest: Its contents.
        target: The lab that it becomes.
    """

    def __init__(self, engine: Engine, name: str, manifest: Manifest, target: Target):
        self.engine = engine
        self.name = name
        self.manifest = manifest
        self.target = target

    def check(self, force: bool) -> bool:
        """Check that the lab can be restored here; return whether it replaces a lab.

        Args:
            force: Replace a lab that exists.

        Raises:
            SnapshotError: It cannot.
        """
        info = self.engine.info()
        self.manifest.check_machine(str(info.get("CgroupVersion", "1")))
        self.old = self.engine.containers(self.target.lab)
        self.old_volumes = [one["Name"] for one in self.engine.volumes(self.target.lab)]
        lives = bool(self.old or self.old_volumes)
        if lives and not force:
            raise SnapshotError(
                f"the lab {self.target.lab} exists. Restoring the snapshot {self.name} replaces it with "
                "everything in it; allow that with --force (ansible-playbook: -e snapshot_force=true)"
            )
        check_space(info, self.manifest)
        self.has_network = check_network(self.engine.networks(), self.manifest, self.target.lab)
        return lives

    def journal(self) -> Journal:
        """Return the record of the objects, which have names that no object has."""
        suffix = uuid.uuid4().hex[:6]
        taken = set(self.old_volumes)

        def fresh(volume: dict[str, Any]) -> str:
            mine = container_name(self.manifest, self.target, first_name(volume))
            return f"{mine}-{suffix}" if mine in taken else mine

        self.volumes = {one["name"]: fresh(one) for one in self.manifest.volumes}
        self.images = {one["root"]: self._image(one) for one in self.manifest.containers}
        bodies = {
            container_name(self.manifest, self.target, one["name"]): creation(
                self.manifest, self.target, one, self.images[one["root"]], self.volumes
            )
            for one in self.manifest.containers
        }
        return Journal(
            snapshot=self.name,
            network=""
            if self.has_network or not self.manifest.subnet
            else f"slipway-{self.target.lab}",
            volumes=sorted(self.volumes.values()),
            images=sorted(set(self.images.values())),
            containers=bodies,
            old_containers=[one["Name"].lstrip("/") for one in self.old],
            old_volumes=self.old_volumes,
            old_images=sorted({one["Config"]["Image"] for one in self.old}),
        )

    def _image(self, container: dict[str, Any]) -> str:
        """Return the image of a container: its own if it cannot change, else one of the saved root file system."""
        own = str(container["config"]["Image"])
        part = self.manifest.parts[container["root"]]
        return own if container["fixed"] else f"{RESTORED_IMAGE}:{part.sha256[:16]}"

    def create(self, journal: Journal) -> None:
        """Create the network and the volumes."""
        if journal.network:
            network = self.manifest.network
            self.engine.ask("POST", "/networks/create", {
                "Name": journal.network,
                "Labels": labels_of(self.target, network["labels"]),
                "IPAM": {"Config": [{"Subnet": network["subnet"]}]},
            })  # fmt: skip
        for one in self.manifest.volumes:
            name = container_name(self.manifest, self.target, first_name(one))
            labels = labels_of(self.target, one["labels"]) | {FIRST_NAME: name}
            body = {"Name": self.volumes[one["name"]], "Labels": labels}
            self.engine.ask("POST", "/volumes/create", body)
