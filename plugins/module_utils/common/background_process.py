"""Programs that run beside a playbook between two of its tasks, found again by a file with their process id."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PATIENCE = 10.0


def start(directory: Path, name: str, command: Sequence[str]) -> int:
    """Start a command that outlives the caller; return its process id.

    Its output goes to ``NAME.log``. A running process of the same name is ended first.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    stop(directory, name)
    with (directory / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (directory / f"{name}.pid").write_text(f"{process.pid} {_born(process.pid)}")
    return process.pid


def wait(pid: int, seconds: float) -> None:
    """Wait until a program ended, or for so many seconds."""
    born, limit = _born(pid), time.monotonic() + seconds
    while born and _born(pid) == born and time.monotonic() < limit:
        time.sleep(0.02)


def stop(directory: Path, name: str) -> bool:
    """Ask the program to end (SIGINT), make it end when it does not; return whether it ran."""
    file = directory / f"{name}.pid"
    try:
        pid, born = file.read_text().split()
    except (OSError, ValueError):
        return False
    file.unlink(missing_ok=True)
    ran = _born(int(pid)) == born
    for number in (signal.SIGINT, signal.SIGKILL):
        limit = time.monotonic() + PATIENCE
        if _born(int(pid)) == born:
            with suppress(ProcessLookupError):
                os.kill(int(pid), number)
        while _born(int(pid)) == born and time.monotonic() < limit:
            time.sleep(0.02)
    return ran


def stop_all(directory: Path) -> list[str]:
    """End everything that was started there; return the names of what still ran."""
    return [file.stem for file in directory.glob("*.pid") if stop(directory, file.stem)]


def _born(pid: int) -> str:
    """Return the start time of a process, which distinguishes it from a later one with its id, or an empty string."""
    try:
        rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if rest[0] == "Z" else rest[19]
