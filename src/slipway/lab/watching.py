"""Notice that files have changed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.oci.context_image import (
    context_files,
    find_containerfile,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import RegistryError

Stamp = frozenset[tuple[str, int, int]]
# Seconds between two looks, and of these the share that a look may take.
PAUSE = 0.5
SHARE = 0.1


def stamp_of(paths: Iterable[Path]) -> Stamp:
    """Return names, times and sizes of files; another value after a change.

    The time is that of the inode, which also changes with the mode, and with files that are copied with their times.
    """
    found = set()
    for path in paths:
        with contextlib.suppress(OSError):  # it has gone since it was listed
            known = path.lstat()
            found.add((str(path), known.st_ctime_ns, known.st_size))
    return frozenset(found)


class Changes:
    """Waits for changes of files.

    Args:
        paths: Lists the files, which may come and go.
        idle: Is called between two looks.
    """

    def __init__(self, paths: Callable[[], Iterable[Path]], idle: Callable[[], None]):
        self._paths = paths
        self._idle = idle
        self._pause = PAUSE
        self._stamp = self._look()

    def wait(self) -> None:
        """Return when files have changed since the last call, and have stayed the same for one look."""
        before = self._stamp
        while True:
            self._idle()
            time.sleep(self._pause)
            last = self._stamp
            self._stamp = self._look()
            if before != self._stamp == last:
                return

    def _look(self) -> Stamp:
        began = time.monotonic()
        stamp = stamp_of(self._paths())
        self._pause = max(PAUSE, (time.monotonic() - began) / SHARE)
        return stamp


def build_files(context: Path) -> Iterator[Path]:
    """Yield the files that the build of an image reads; nothing without a Containerfile.

    Args:
        context: Directory of the build.
    """
    try:
        containerfile = find_containerfile(context, None)
    except RegistryError:
        return
    yield from context_files(context, containerfile).values()
    # .dockerignore may leave these out, and the build reads them nevertheless
    yield from (containerfile, Path(f"{containerfile}.dockerignore"), context / ".dockerignore")
