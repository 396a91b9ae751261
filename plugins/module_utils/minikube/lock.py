"""Allow one run at a time on a profile, even if the module was killed and its minikube continues."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

POLL_SECONDS = 1.0


class LockedError(SlipwayError):
    """Another run holds the profile for too long. The text names its process."""


@contextmanager
def profile_lock(path: Path, seconds: float, report: Callable[[str], None]) -> Iterator[int]:
    """Hold the lock of a profile and give its file descriptor.

    The kernel drops the lock with the last process that has the descriptor, so no stale lock can remain;
    hand the descriptor to the commands that change the profile, and an orphan of a killed run keeps it.

    Raises:
        LockedError: another process still has it after ``seconds``.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _acquire(descriptor, time.monotonic() + seconds, report)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, end: float, report: Callable[[str], None]) -> None:
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        if time.monotonic() > end:
            raise LockedError(
                f"another run (process {holder}, or the minikube that it started) works on this profile; "
                "wait for it, or end it and run again"
            )
        if not told:
            report(f"Waiting for another run on this profile (process {holder})")
            told = True
        time.sleep(POLL_SECONDS)
