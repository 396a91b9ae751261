"""Read the archive of a bundle. Its first members are a manifest of all others, and the manifest's signature."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from slipway.bundle.signature import BundleError

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"
CHUNK_BYTES = 1 << 20
MANIFEST_BYTES = 64 << 20
# Parts of the bundle that belong into the cache. The rest is the project itself.
PARTS = ("artifacts", "hosts", "offline")


class Bundle:
    """An open bundle, which is read once from its beginning to its end.

    Args:
        archive: The archive.

    Raises:
        BundleError: The file is not a bundle of this format.
    """

    def __init__(self, archive: tarfile.TarFile):
        self._archive = archive
        self.manifest = self._read(MANIFEST)
        self.signature = self._read(SIGNATURE)

    def document(self) -> dict[str, Any]:
        """Return the manifest as an object; call it after the verification."""
        document: dict[str, Any] = json.loads(self.manifest)
        if document.get("format") != FORMAT:
            raise BundleError(
                f"the bundle has the format {document.get('format')}, and this Slipway reads {FORMAT}",
                "use the version of Slipway that is in the bundle",
            )
        return document

    def extract(self, directory: Path, progress: Callable[[int], None]) -> None:
        """Write the parts for the cache below a directory, each file compared with the manifest.

        Args:
            directory: An empty directory.
            progress: Gets the number of bytes that were written since the last call.

        Raises:
            BundleError: A file is missing, is not in the manifest, or has other contents.
        """
        files: dict[str, Any] = self.document()["files"]
        missing = {name for name in files if name.startswith(tuple(f"{part}/" for part in PARTS))}
        while member := self._archive.next():
            described = files.get(member.name)
            if described is None:
                raise BundleError(f"{member.name} is in the bundle, but not in its manifest")
            if member.name in missing:
                self._write(member, described, _inside(directory, member.name), progress)
                missing.remove(member.name)
        if missing:
            raise BundleError(f"{min(missing)} is in the manifest, but not in the bundle")

    def _read(self, name: str) -> bytes:
        member = self._archive.next()
        if member is None or member.name != name or member.size > MANIFEST_BYTES:
            raise BundleError("this file is not a bundle of Slipway")
        stream = self._archive.extractfile(member)
        return stream.read() if stream else b""

    def _write(
        self,
        member: tarfile.TarInfo,
        described: dict[str, Any],
        path: Path,
        progress: Callable[[int], None],
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if "link" in described:
            path.symlink_to(described["link"])
            return
        stream = self._archive.extractfile(member) if member.isreg() else None
        if stream is None:
            raise BundleError(f"{member.name} is not a file")
        digest = hashlib.sha256()
        mode = 0o755 if described["mode"] & 0o100 else 0o644
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as target:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                target.write(chunk)
                progress(len(chunk))
        if digest.hexdigest() != described["sha256"]:
            raise BundleError(f"{member.name} differs from the manifest", "copy the file again")


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """Open a bundle.

    Raises:
        BundleError: The file cannot be read, is damaged or is something else.
    """
    try:
        with tarfile.open(path, "r|gz") as archive:
            yield Bundle(archive)
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError) as error:
        raise BundleError(
            f"{path} is damaged or not a bundle: {error}", "copy the file again"
        ) from error
    except OSError as error:
        raise BundleError(f"{path}: {error}") from error


def _inside(directory: Path, name: str) -> Path:
    """Return the path of a member below a directory, and refuse names that lead out of it."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise BundleError(f"{name} leads out of the cache")
    path = directory / parts
    if not path.parent.resolve().is_relative_to(directory.resolve()):  # by a link of the bundle
        raise BundleError(f"{name} leads out of the cache")
    return path
