"""A process and what it started, as the kernel sees them: names, memory, namespaces."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "uts", "user")


def parents(proc: Path = PROC) -> dict[int, int]:
    """Return the parent of every process."""
    found = {}
    for status in proc.glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue  # it has just ended
        # The name, in parentheses, may hold anything.
        found[int(status.parent.name)] = int(text.rpartition(")")[2].split()[1])
    return found


def tree(pid: int, proc: Path = PROC) -> list[dict]:
    """Return a process and its descendants, each after its parent.

    Each has ``pid``, ``depth``, ``name``, ``command`` and ``memory``: its share of the memory that it uses, in bytes
    (PSS: what several processes use is divided among them).
    """
    children: dict[int, list[int]] = {}
    for child, parent in parents(proc).items():
        children.setdefault(parent, []).append(child)
    found = []
    waiting = [(pid, 0)]
    while waiting:
        one, depth = waiting.pop()
        try:
            found.append({"pid": one, "depth": depth, **_process(proc / str(one))})
        except OSError:
            continue  # it has just ended
        waiting += [(child, depth + 1) for child in sorted(children.get(one, []), reverse=True)]
    return found


def _process(path: Path) -> dict:
    command = path.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    memory = 0
    for line in path.joinpath("smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            memory = int(line.split()[1]) * 1024
    name = path.joinpath("comm").read_text().strip()
    return {"name": name, "command": command.strip() or f"[{name}]", "memory": memory}


def namespaces(pid: int, proc: Path = PROC) -> dict[str, str]:
    """Return the identity of each namespace of a process, as ``pid:[4026531836]``."""
    return {name: os.readlink(proc / str(pid) / "ns" / name) for name in NAMESPACES}


def drawing(processes: list[dict]) -> str:
    """Return the tree as text, with the memory of each process."""
    return "\n".join(
        f"{'  ' * one['depth']}{one['command'][:80]}  {one['memory'] / 2**20:.1f} MiB"
        for one in processes
    )
