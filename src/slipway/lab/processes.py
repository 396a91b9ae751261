"""Find and end the processes of a run, including those whose parents have exited."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RUN_VARIABLE = "SLIPWAY_RUN"
# Signals of Ctrl-C, of service managers and of a terminal that is closed.
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Started by roles/docker on machines without systemd, and meant to outlive the run.
DAEMONS = frozenset({"dockerd", "containerd", "containerd-shim", "docker-proxy"})


@contextmanager
def signals(handler: Callable[..., Any], numbers: Iterable[int]) -> Iterator[None]:
    """Handle signals within this block; those of before count again after it.

    Args:
        handler: As ``signal.signal`` takes it.
        numbers: The signals.
    """
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def of_run(run: str, proc: Path = Path("/proc")) -> list[int]:
    """Return the processes that carry the run's mark in their environment, without daemons.

    The mark finds more than the tree of children does: Ansible's workers and asynchronous tasks
    leave their parent's process group and session.

    Args:
        run: The run's id, the value of ``SLIPWAY_RUN``.
        proc: Where procfs is mounted.
    """
    mark = f"{RUN_VARIABLE}={run}".encode()
    found = []
    for entry in proc.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                name = (entry / "comm").read_text().strip()
                if not any(name.startswith(daemon[:15]) for daemon in DAEMONS):
                    found.append(int(entry.name))
        except OSError:
            continue  # it ended meanwhile, or belongs to another user
    return found


def parent(pid: int, proc: Path = Path("/proc")) -> int:
    """Return the parent of a process; 0 when it has ended."""
    try:
        # The name in parentheses may hold anything, so count from its end.
        return int((proc / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def end_run(run: str, first: Iterable[int] = (), patience: float = 4.0) -> int:
    """End all processes of a run, with SIGTERM first; return their number.

    Args:
        run: The run's id.
        first: Processes that get SIGINT and time to end the others themselves.
        patience: Seconds to wait after each signal before a harder one follows.
    """
    _signal(first, signal.SIGINT)
    everyone = of_run(run)
    count = len(everyone)
    if first:
        _wait(run, patience)
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal(of_run(run), number)
        if _wait(run, patience):
            break
    return count


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def _wait(run: str, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while of_run(run):
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True
