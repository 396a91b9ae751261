"""Show the shares of a cold start: the seconds in which each artifact was made, from the records of the cache."""

from __future__ import annotations

import json
import os
from pathlib import Path

# Artifacts of a plain lab; those of lessons and services are made later.
LAB = (
    "cluster", "local-path-provisioner", "cri-tools", "cni-plugins",
    "node-root", "network-root", "mirror-server", "node", "files",
)  # fmt: skip


def cache() -> Path:
    """Return the cache of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "slipway"


def build_seconds(directory: Path) -> dict[str, float]:
    """Return the seconds of the slowest build of each artifact of a lab, longest first.

    Later builds find most of their work in the compiler's cache.

    Args:
        directory: The cache.
    """
    found: dict[str, float] = {}
    roots = [(name, directory / "artifacts" / name) for name in LAB]
    roots += [(f"host {path.name}", path) for path in sorted((directory / "hosts").glob("*"))]
    for name, root in roots:
        for path in root.glob("*/artifact.json"):
            seconds = float(json.loads(path.read_text()).get("seconds", 0))
            found[name] = max(found.get(name, 0.0), seconds)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def lines(seconds: dict[str, float]) -> list[str]:
    """Return a table with the share of each artifact."""
    total = sum(seconds.values())
    if not total:
        return []
    rows = [
        f"{name:32}{value:10.1f}{100 * value / total:7.0f} %" for name, value in seconds.items()
    ]
    return [
        f"building everything of a lab, one artifact after another: {total:.0f} s",
        *rows,
    ]
