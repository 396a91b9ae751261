"""Write a snapshot into one file, and read it back on another machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    SnapshotError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import (
    FILE,
    Part,
    read_manifest,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.store import Store

RESERVE = 64 << 20
CHUNK = 1 << 20
MANIFEST_BYTES = 16 << 20
Report = Callable[[str, int, int], None]


class _Hashing:
    """A file whose checksum grows while it is read."""

    def __init__(self, stream: IO[bytes]):
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.digest.update(chunk)
        return chunk


def export_snapshot(store: Store, name: str, target: Path, report: Report) -> None:
    """Write a snapshot into a new file that only its owner can read. All checksums are compared.

    Args:
        store: The snapshots.
        name: Name of the snapshot.
        target: The file.
        report: Gets the name of a part, the number of written parts and of all.

    Raises:
        SnapshotError: The snapshot is damaged, the file exists, or the space is not enough.
    """
    manifest, folder = store.read(name), store.folder(name)
    check_target(target)
    _check_space(target.parent, manifest.size)
    new = target.with_name(f".{target.name}.unfinished")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as stream,
            tarfile.open(fileobj=stream, mode="w") as archive,
        ):
            archive.add(folder / FILE, f"{name}/{FILE}")
            for done, part in enumerate(manifest.parts.values()):
                report(f"writing {part.file}", done, len(manifest.parts))
                _add(archive, f"{name}/{part.file}", folder / part.file, part)
            archive.close()
            stream.flush()
            os.fsync(stream.fileno())
        check_target(target)
        os.replace(new, target)
    except OSError as problem:
        raise SnapshotError(f"{target} cannot be written: {problem}") from problem
    finally:
        new.unlink(missing_ok=True)


def check_target(target: Path) -> None:
    """Check that a file can be written and does not exist.

    Raises:
        SnapshotError: It exists, or its directory does not.
    """
    if os.path.lexists(target):
        raise SnapshotError(f"{target} exists already; choose another file")
    if not target.parent.is_dir():
        raise SnapshotError(f"the directory {target.parent} does not exist")


def import_snapshot(store: Store, source: Path, name: str, report: Report) -> str:
    """Read a snapshot from a file; return its name. All checksums are compared.

    Args:
        store: The snapshots.
        source: The file.
        name: The new name. Empty keeps that in the file.
        report: Gets the name of a part, the number of read parts and of all.

    Raises:
        SnapshotError: The file is not a valid snapshot or damaged, the name is in use, or the space is not enough.
    """
    with _opened(source) as archive:
        first = _first(archive, source)
        inside = first.name.partition("/")[0]
        name = name or inside
        with store.writing(name) as folder:
            _extract(archive, first, folder / FILE)
            manifest = read_manifest(folder)
            _check_space(store.directory, manifest.size)
            for done, part in enumerate(manifest.parts.values()):
                report(f"reading {part.file}", done, len(manifest.parts))
                member = archive.next()
                if member is None or not member.isfile() or member.name != f"{inside}/{part.file}":
                    raise DamagedError(f"{source} is damaged: {part.file} is missing")
                if _extract(archive, member, folder / part.file) != part.sha256:
                    raise DamagedError(f"{source} is damaged: the checksum of {part.file} is wrong")
    return name


def carry(params: dict[str, Any], check: bool, report: Report) -> dict[str, Any]:
    """Write a snapshot into a file, or read it from there; return the result of the module.

    Args:
        params: Options of the module.
        check: Change nothing.
        report: Gets the progress.
    """
    store, file, name = Store(Path(params["directory"])), Path(params["file"]), params["name"]
    if params["state"] == "exported":
        if check:
            check_target(file)
            store.verify(name)
        else:
            export_snapshot(store, name, file, report)
    elif check:
        with _opened(file) as archive:
            name = name or _first(archive, file).name.partition("/")[0]
        store.check_new(name)
    else:
        name = import_snapshot(store, file, name, report)
    return {"changed": True, "name": name}


def _first(archive: tarfile.TarFile, source: Path) -> tarfile.TarInfo:
    """Return the first member of a file, which is the document of the snapshot."""
    first = archive.next()
    if (
        first is None
        or not first.isfile()
        or first.size > MANIFEST_BYTES
        or not first.name.endswith(f"/{FILE}")
    ):
        raise DamagedError(f"{source} is not a snapshot: it does not begin with {FILE}")
    return first


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as archive:
            yield archive
    except (OSError, EOFError, tarfile.TarError) as problem:
        raise DamagedError(f"{source} cannot be read as a snapshot: {problem}") from problem


def _add(archive: tarfile.TarFile, name: str, path: Path, part: Part) -> None:
    with path.open("rb") as stream:
        hashing = _Hashing(stream)
        archive.addfile(archive.gettarinfo(str(path), name), hashing)
    if hashing.digest.hexdigest() != part.sha256:
        raise DamagedError(f"{path} is damaged: its checksum is not the one that was saved")


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    """Write a member into a file that only its owner can read; return its checksum."""
    digest, stream = hashlib.sha256(), archive.extractfile(member)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _check_space(directory: Path, needed: int) -> None:
    free = shutil.disk_usage(directory).free
    if free < needed + RESERVE:
        raise SnapshotError(
            f"{directory} has {free >> 20} MiB free, and the snapshot needs {needed >> 20} MiB; free some space"
        )
