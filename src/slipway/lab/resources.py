"""Processors, memory and disk of this machine, as they are now."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEMINFO = Path("/proc/meminfo")


def read_resources(folder: Path) -> dict[str, float]:
    """Return the resources of this machine, in bytes where they are sizes.

    Args:
        folder: A directory on the disk that matters; it need not exist.
    """
    memory = _memory()
    while not folder.exists():
        folder = folder.parent
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "memory_bytes": memory.get("MemTotal", 0),
        "memory_available_bytes": memory.get("MemAvailable", 0),
        "disk_free_bytes": shutil.disk_usage(folder).free,
    }


def _memory() -> dict[str, int]:
    """Return the sizes in ``/proc/meminfo``, in bytes; empty on a system without it."""
    try:
        lines = MEMINFO.read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines if line.endswith("kB"))
    return {name: int(value.split()[0]) * 1024 for name, value in pairs}
