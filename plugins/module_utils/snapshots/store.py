"""The directory with the snapshots of an account."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    NoSnapshotError,
    SnapshotError,
    SnapshotNameError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import (
    Manifest,
    read_manifest,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import verify

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
UNFINISHED = ".unfinished-"
OK, UNUSABLE = "ok", "unusable"


class Store:
    """The snapshots of an account. Only this account and root can read them.

    Args:
        directory: The directory.
    """

    def __init__(self, directory: Path):
        self.directory = directory

    def names(self) -> list[str]:
        """Return the names of the snapshots. A snapshot that was not saved to its end has none."""
        found = self.directory.iterdir() if self.directory.is_dir() else ()
        return sorted(one.name for one in found if NAME.fullmatch(one.name) and one.is_dir())

    def folder(self, name: str) -> Path:
        """Return the directory of an existing snapshot.

        Raises:
            NoSnapshotError: There is none of this name.
        """
        check_name(name)
        if name not in self.names():
            known = ", ".join(self.names()) or "none"
            raise NoSnapshotError(
                f"there is no snapshot {name} in {self.directory}; saved: {known}"
            )
        return self.directory / name

    def read(self, name: str) -> Manifest:
        """Return the contents of a snapshot, after a look at the sizes of its files.

        Raises:
            NoSnapshotError: There is none of this name.
            DamagedError: It is not complete.
        """
        folder = self.folder(name)
        manifest = read_manifest(folder)
        for part in manifest.parts.values():
            file = folder / part.file
            size = file.stat().st_size if file.is_file() else -1
            if size != part.size:
                state = "missing" if size < 0 else f"{size} bytes long instead of {part.size}"
                raise DamagedError(f"the snapshot {name} is damaged: {file} is {state}")
        return manifest

    def describe(self, name: str, thorough: bool = False) -> dict[str, Any]:
        """Return a snapshot for results and JSON. One that cannot be used has a ``problem``.

        Args:
            name: Its name.
            thorough: Read all its files.

        Raises:
            NoSnapshotError: There is none of this name.
        """
        found = {"name": name, "path": str(self.folder(name)), "state": OK, "problem": ""}
        try:
            manifest = self.read(name)
            if thorough:
                self.verify(name)
        except SnapshotError as problem:
            return found | {"state": UNUSABLE, "problem": problem.message}
        return found | {
            "lab": manifest.lab,
            "created": manifest.created,
            "size": manifest.size,
            "content": manifest.content,
            "subnet": manifest.subnet,
            "architecture": manifest.machine["architecture"],
            "owner": manifest.account["name"],
            "parts": {key: part.size for key, part in manifest.parts.items()},
        }

    def verify(self, name: str) -> None:
        """Read all files of a snapshot, and compare their checksums.

        Raises:
            SnapshotError: There is none of this name, or it is damaged.
        """
        for part in self.read(name).parts.values():
            verify(part, self.directory / name / part.file)

    def check_new(self, name: str) -> None:
        """Check that a snapshot of this name can be written.

        Raises:
            SnapshotError: The name is not allowed, or in use.
        """
        check_name(name)
        if os.path.lexists(self.directory / name):
            raise SnapshotError(
                f"the snapshot {name} exists already; choose another name, or delete it first"
            )

    def delete(self, name: str) -> None:
        """Delete a snapshot. It is no longer listed as soon as this begins."""
        folder = self.folder(name)
        leaving = self.directory / f"{UNFINISHED}{uuid.uuid4().hex}"
        folder.rename(leaving)
        shutil.rmtree(leaving)

    def free(self) -> int:
        """Return the free bytes of the file system."""
        place = self.directory
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Yield a directory that becomes a snapshot when the block ends without an error.

        Raises:
            SnapshotError: The name is not allowed, or in use.
        """
        self.check_new(name)
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.remove_unfinished()
        folder = self.directory / f"{UNFINISHED}{uuid.uuid4().hex}"
        folder.mkdir(mode=0o700)
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield folder
            self.check_new(name)
            os.fsync(held)
            folder.rename(self.directory / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            os.close(held)

    def remove_unfinished(self) -> None:
        """Remove what runs that were killed have left. A run that is still writing holds a lock."""
        for folder in self.directory.glob(f"{UNFINISHED}*"):
            with suppress(OSError):
                held = os.open(folder, os.O_RDONLY)
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
                finally:
                    os.close(held)


def check_name(name: str) -> None:
    """Check the name of a snapshot.

    Raises:
        SnapshotNameError: It is not allowed.
    """
    if not NAME.fullmatch(name):
        raise SnapshotNameError(
            f"{name!r} is not a valid name of a snapshot: use at most 40 letters, digits, '-', '_' and '.', "
            "and start with a letter or a digit"
        )
