"""Remove artifacts from a cache that no run has used for some time, or that exceed its size."""

from __future__ import annotations

import fcntl
import shutil
import time
from contextlib import suppress
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.cache import LOCK, RECORD

DAY_SECONDS = 86400


def mark_used(directory: Path, name: str, key: str) -> None:
    """Record that a run uses an artifact."""
    with suppress(OSError):  # a read-only cache still serves
        (directory / name / key / RECORD).touch()


def remove_unused(directory: Path, keys: dict[str, str], days: int) -> list[str]:
    """Remove artifacts of the named kinds that were not used for ``days`` days.

    Args:
        directory: The cache.
        keys: The current key by the name of each artifact; artifacts with these keys stay.
        days: Age in days.

    Returns:
        The removed artifacts as ``NAME/KEY``.
    """
    oldest = time.time() - days * DAY_SECONDS
    removed: list[str] = []
    for name, current in keys.items():
        if (directory / name / LOCK).exists():
            removed += _remove_of(directory / name, current, oldest)
    return removed


def remove_over_limit(directory: Path, keys: dict[str, str], limit: int) -> list[str]:
    """Remove the least recently used artifacts of a cache until it has at most a size.

    Artifacts that another run makes or that the keys name stay, so the cache can remain larger.

    Args:
        directory: The cache.
        keys: The current key by the name of each artifact; artifacts with these keys stay.
        limit: The size in bytes.

    Returns:
        The removed artifacts as ``NAME/KEY``.
    """
    found = [
        (record.stat().st_mtime, record.parent) for record in directory.glob(f"*/[!.]*/{RECORD}")
    ]
    removed = []
    for _, home in sorted(found):
        if keys.get(home.parent.name) == home.name:
            continue
        if _size(directory) <= limit:
            break
        with (home.parent / LOCK).open("w") as lock, suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(home)
            removed.append(f"{home.parent.name}/{home.name}")
    return removed


def _size(directory: Path) -> int:
    """Return the bytes of all files below a directory. A file with several names counts once."""
    stats = [path.lstat() for path in directory.rglob("*") if not path.is_dir()]
    return sum({(one.st_dev, one.st_ino): one.st_size for one in stats}.values())


def _remove_of(folder: Path, current: str, oldest: float) -> list[str]:
    removed = []
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another run makes one of them
            return []
        for record in sorted(folder.glob(f"[!.]*/{RECORD}")):
            home = record.parent
            if home.name != current and record.stat().st_mtime < oldest:
                shutil.rmtree(home)
                removed.append(f"{folder.name}/{home.name}")
    return removed
