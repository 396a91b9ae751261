"""Compute checksums of files and directory trees."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

CHUNK_BYTES = 1 << 20


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def tree_sha256(path: Path) -> dict[str, str]:
    """Return the checksums of a file, or of all files below a directory, by relative path."""
    return {name: file_sha256(entry) for name, entry in _files(path)}


def tree_stamps(path: Path) -> dict[str, list[int]]:
    """Return inode, size, and times of the last write and change in ns of each file, by relative path.

    Every write to a file changes one of them (the time of change cannot be set back).
    """
    stats = ((name, entry.stat()) for name, entry in _files(path))
    return {name: [s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns] for name, s in stats}


def input_digest(path: Path) -> str:
    """Return one digest over everything in a file or a directory that a command may read.

    A file is its content. A directory is, for each entry below it, the path relative to the directory, the content or
    the target of a link, and whether the file is executable. The name and the place of ``path`` do not count, and
    neither do times, owners, and the rest of the modes, which differ between checkouts of the same sources.

    Raises:
        OSError: A file cannot be read.
    """
    if not path.is_dir():
        return file_sha256(path)
    digest = hashlib.sha256()
    for entry in sorted(path.rglob("*")):
        if entry.is_symlink():
            kind, content = "link", os.readlink(entry)
        elif entry.is_file():
            kind = "program" if entry.stat().st_mode & 0o100 else "file"
            content = file_sha256(entry)
        else:
            continue
        digest.update("\0".join((str(entry.relative_to(path)), kind, content, "")).encode())
    return digest.hexdigest()


def _files(path: Path) -> list[tuple[str, Path]]:
    """Return a file, or all files below a directory, with relative paths."""
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))
    if path.is_file():
        return [(path.name, path)]
    return [
        (str(entry.relative_to(path.parent)), entry)
        for entry in sorted(path.rglob("*"))
        if entry.is_file() and not entry.is_symlink()
    ]
