"""The record of a restore that has begun, so that an interrupted one ends in the old state or in the new one."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = ".restore"
# The new state is not complete, or complete beside the old one: the old state counts.
FILLING, FILLED = "filling", "filled"
# The new state takes the place of the old one.
SWITCHING = "switching"
# The new state is in its place, and data of the old one remains.
SWITCHED = "switched"
# Images of restored root file systems: the tag is a checksum, so a snapshot that is restored twice has one.
RESTORED_IMAGE = "slipway/restored"


@dataclass
class Journal:
    """The objects that a restore creates and replaces.

    Attributes:
        snapshot: Name of the snapshot.
        stage: How far it is.
        network: Name of the network that it creates; empty if there is one.
        volumes: New volumes.
        images: Images for the new containers.
        containers: Requests that create the new containers, by name.
        old_containers: Names of the replaced containers.
        old_volumes: Names of the replaced volumes.
        old_images: Images of the replaced containers.
    """

    snapshot: str
    stage: str = FILLING
    network: str = ""
    volumes: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    containers: dict[str, dict[str, Any]] = field(default_factory=dict)
    old_containers: list[str] = field(default_factory=list)
    old_volumes: list[str] = field(default_factory=list)
    old_images: list[str] = field(default_factory=list)

    def write(self, state: Path) -> None:
        """Record it in the state of the lab, in one step."""
        folder = state / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = folder / "journal.new"
        with new.open("w", encoding="utf-8") as stream:
            json.dump(asdict(self), stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(new, folder / "journal.json")


def read_journal(state: Path) -> Journal | None:
    """Return the record of a restore that has not ended; ``None`` without one."""
    try:
        text = (state / FOLDER / "journal.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Journal(**json.loads(text))


def forget_journal(state: Path) -> None:
    """Remove the record, and then the files of the restore."""
    (state / FOLDER / "journal.json").unlink(missing_ok=True)
    shutil.rmtree(state / FOLDER, ignore_errors=True)


def new_state(state: Path) -> Path:
    """Return the directory with the state from the snapshot."""
    return state / FOLDER / "new"


def old_state(state: Path) -> Path:
    """Return the directory with the replaced state."""
    return state / FOLDER / "old"
