"""A made-up lab on a made-up engine, and what saves and restores it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.plan import RestorePlan
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.requests import Target
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.restoring import Restoring
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.saving import Place, Saving
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.store import Store
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.switching import recover, switch
from support.snapshot_engine import snapshot_engine


class MadeUpLab:
    """The lab ``one`` with a host, a volume and a mirror."""

    def __init__(self, root: Path, engine):
        self.engine = engine
        self.state, self.cache = root / "state/one", root / "cache"
        self.store = Store(root / "snapshots")
        self.api = Engine(engine.socket)
        (self.cache / "files").mkdir(parents=True)
        self.make()

    def make(self) -> None:
        """Create the lab."""
        self.write_state("first")
        self.engine.add_network("one")
        self.engine.add_volume("slipway-one-lab1-docker", "one", row="first")
        self.engine.add_container("slipway-one-lab1", {
            "Image": "slipway/host:1", "Labels": {"slipway": "one", "slipway.owner": "alice"},
            "HostConfig": {
                "NetworkMode": "slipway-one",
                "Binds": [f"{self.state}/ssh:/etc/slipway:ro", f"{self.cache}/apt/lab1:/var/cache/apt"],
                "Mounts": [{"Type": "volume", "Source": "slipway-one-lab1-docker", "Target": "/var/lib/docker"}],
            },
            "NetworkingConfig": {"EndpointsConfig": {"slipway-one": {"IPAMConfig": {"IPv4Address": "10.213.0.11"}}}},
        })  # fmt: skip
        (self.engine.root / "roots/slipway-one-lab1/motd").write_text("first")
        self.engine.add_container("slipway-one-files", {
            "Image": "slipway/mirror:1", "Labels": {"slipway": "one"}, "User": f"{os.getuid()}:{os.getgid()}",
            "HostConfig": {
                "NetworkMode": "host", "ReadonlyRootfs": True, "Mounts": None,
                "Binds": [f"{self.cache}/files:/srv:ro"],
            },
            "NetworkingConfig": {"EndpointsConfig": {"host": {"IPAMConfig": None}}},
        })  # fmt: skip

    def write_state(self, text: str) -> None:
        """Write the files of the lab on this machine."""
        (self.state / "ssh").mkdir(parents=True, exist_ok=True)
        (self.state / "ssh/key").write_text(text)
        (self.state / "lab.json").write_text(json.dumps({"inventories": ["/inv"]}))
        (self.state / "lock").write_text("held")

    def saving(self) -> Saving:
        """Return what saves it."""
        return Saving(self.api, self.store, Packer(), Place("one", self.state, self.cache))

    def save(self, name: str = "clean"):
        """Save it."""
        return self.saving().save(name, lambda *_: None)

    def restoring(self, name: str = "clean") -> Restoring:
        """Return what restores it."""
        labels = {"slipway": "one", "slipway.owner": "bob", "slipway.uid": "1002"}
        target = Target("one", self.state, self.cache, labels, f"{os.getuid()}:{os.getgid()}")
        plan = RestorePlan(self.api, name, self.store.read(name), target)
        return Restoring(plan, Packer(), self.store.folder(name))

    def fill(self, force: bool = True) -> None:
        """Copy the snapshot beside it."""
        restoring = self.restoring()
        restoring.plan.check(force)
        restoring.fill(lambda *_: None)

    def switch(self) -> None:
        """Replace it."""
        switch(self.api, "one", self.state)
        assert recover(self.api, self.state) == "new"

    def change(self) -> None:
        """Write into it after it was saved."""
        self.write_state("later")
        self.volume_file().write_text("later")
        (self.state / "later").touch()

    def remove(self) -> None:
        """Remove it from the engine, as ``down`` does."""
        for table in (self.engine.containers, self.engine.volumes, self.engine.networks):
            table.clear()
        self.engine.images.discard("slipway/host:1")

    def volume_file(self) -> Path:
        """Return the file in the volume that its host uses."""
        mounts = self.engine.containers["slipway-one-lab1"]["Mounts"]
        return self.engine.root / "volumes" / mounts[0]["Source"] / "row"

    def contents(self) -> tuple[str, str]:
        """Return what the volume and the state contain."""
        return self.volume_file().read_text(), (self.state / "ssh/key").read_text()


@pytest.fixture
def lab(tmp_path, monkeypatch):
    with snapshot_engine(tmp_path / "e") as engine:
        monkeypatch.setenv("PATH", f"{tmp_path}/e/bin:{os.environ['PATH']}")
        yield MadeUpLab(tmp_path, engine)
