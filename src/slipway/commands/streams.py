"""Standard streams that the caller closed, and disks that are full or read-only."""

from __future__ import annotations

import errno
import os
import sys

from slipway.errors import SlipwayError

# The machine, not the command, is the reason, and the next step.
DISK_ERRORS = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space, or ask for a larger quota",
    errno.EROFS: "use a directory on a file system that can be written (XDG_STATE_HOME, XDG_CACHE_HOME)",
}


def open_closed_streams() -> None:
    """Open standard streams that the caller closed.

    Without it, the next file that is opened would get the number of a stream, and the output of programs with it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
        if getattr(sys, name) is None:
            stream = os.fdopen(number, "w" if number else "r", encoding="utf-8")
            setattr(sys, name, stream)


def disk_error(problem: OSError) -> SlipwayError | None:
    """Return the error for a disk that is full or read-only; ``None`` for another reason.

    Args:
        problem: The error of the system.
    """
    step = DISK_ERRORS.get(problem.errno or 0)
    if step is None:
        return None
    if (
        not problem.filename
    ):  # Python writes the rest of the output when it ends, and would fail again
        _drop_output()
    return SlipwayError(f"{problem.filename or 'a file or the output'}: {problem.strerror}", step)


def _drop_output() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
