"""Measure the memory and the disk of labs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.slipway.lab.plugins.module_utils.common.process_tree import PROC, parents
from ansible_collections.slipway.lab.plugins.module_utils.labs.labels import LAB

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(roots: Iterable[int], proc: Path = PROC) -> int:
    """Return the bytes of memory of processes and their descendants.

    Nodes are containers in a host. With cgroup v1 they are in control groups beside that of the host, so the
    control group of a host does not count them, and this does.

    Args:
        roots: Numbers of the first processes of containers.
        proc: The directory of processes.
    """
    tree = parents(proc)
    chosen = set(roots) & tree.keys()
    grown = True
    while grown:
        more = {child for child, parent in tree.items() if parent in chosen} - chosen
        chosen |= more
        grown = bool(more)
    return sum(_resident(proc / str(one)) for one in chosen)


def _resident(process: Path) -> int:
    try:
        return int(process.joinpath("statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0  # it has just ended


def sizes(usage: Mapping[str, Any]) -> dict[str, int]:
    """Return the bytes of the containers and volumes of each lab.

    Args:
        usage: The answer of the engine to ``/system/df``.
    """
    found: dict[str, int] = {}
    measured = [(one, one.get("SizeRw")) for one in usage.get("Containers") or []]
    measured += [
        (one, (one.get("UsageData") or {}).get("Size")) for one in usage.get("Volumes") or []
    ]
    for entry, size in measured:
        name = (entry.get("Labels") or {}).get(LAB, "")
        found[name] = found.get(name, 0) + max(0, size or 0)  # the engine writes -1 for unknown
    return found
