"""The contents of a snapshot: a JSON document with the checksum of every part, and its own."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    UnfitError,
)

FORMAT = 1
FILE = "manifest.json"
STATE = "state"
SECRETS = "It contains the private keys, certificates and credentials of the lab."


@dataclass(frozen=True)
class Part:
    """A file of a snapshot.

    Attributes:
        file: Its name.
        size: Its bytes.
        content: Bytes of what was packed.
        sha256: Its checksum.
    """

    file: str
    size: int
    content: int
    sha256: str


@dataclass
class Manifest:
    """The contents of a snapshot.

    Attributes:
        lab: Name of the lab.
        created: Seconds since the epoch.
        machine: ``architecture`` and ``cgroup`` of the machine.
        account: ``name``, ``uid`` and ``gid`` of the account that saved it.
        directories: Where the state of the lab and the cache were.
        inventories: Paths of the inventories of the lab.
        network: ``name``, ``subnet`` and ``labels`` of the network of the hosts; empty without hosts.
        containers: How to create each container, and ``root``, the key of the part with its root file system.
        volumes: ``name`` and ``labels`` of the volumes; the name is the key of the part.
        parts: The files by key.
    """

    lab: str
    created: float
    machine: dict[str, str]
    account: dict[str, Any]
    directories: dict[str, str]
    inventories: list[str] = field(default_factory=list)
    network: dict[str, Any] = field(default_factory=dict)
    containers: list[dict[str, Any]] = field(default_factory=list)
    volumes: list[dict[str, Any]] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return the bytes of all parts."""
        return sum(part.size for part in self.parts.values())

    @property
    def content(self) -> int:
        """Return the bytes that a restored lab needs."""
        return sum(part.content for part in self.parts.values())

    @property
    def subnet(self) -> str:
        """Return the network of the hosts; empty without hosts."""
        return str(self.network.get("subnet", ""))

    def write(self, folder: Path) -> None:
        """Write the document into the directory of a snapshot."""
        document = {"format": FORMAT, "notice": SECRETS, **asdict(self)}
        document["checksum"] = checksum(document)
        descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(document, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())

    def check_machine(self, cgroup: str) -> None:
        """Check that this machine can run the lab.

        Args:
            cgroup: Version of the control groups of this machine's engine.

        Raises:
            UnfitError: It cannot.
        """
        saved, mine = self.machine["architecture"], platform.machine()
        if saved != mine:
            raise UnfitError(f"the snapshot is of {saved}, and this machine is {mine}")
        if self.machine["cgroup"] != cgroup:
            raise UnfitError(
                f"the hosts of the snapshot need cgroup v{self.machine['cgroup']}, and Docker uses v{cgroup} here"
            )


def checksum(document: dict[str, Any]) -> str:
    """Return the checksum of a document without its field ``checksum``."""
    plain = {name: value for name, value in document.items() if name != "checksum"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read and verify the document of a snapshot.

    Args:
        folder: Directory of the snapshot.

    Raises:
        DamagedError: It is not what was written.
        UnfitError: A newer version of Slipway wrote it.
    """
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        version = int(document["format"])
    except (OSError, ValueError, LookupError, TypeError) as problem:
        raise DamagedError(f"{folder / FILE} is damaged: {problem}") from problem
    if version > FORMAT:
        raise UnfitError(
            f"the snapshot {folder.name} has format {version}, and this version of Slipway reads formats up to "
            f"{FORMAT}; update Slipway"
        )
    try:
        if document["checksum"] != checksum(document):
            raise ValueError("its checksum does not match")
        for name in ("format", "notice", "checksum"):
            del document[name]
        parts = {key: Part(**part) for key, part in document.pop("parts").items()}
        if odd := [part.file for part in parts.values() if Path(part.file).name != part.file]:
            raise ValueError(f"the part {odd[0]} would be outside of the snapshot")
        return Manifest(**document, parts=parts)
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise DamagedError(f"{folder / FILE} is damaged: {problem}") from problem
