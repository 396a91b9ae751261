"""Build paths of the Kubernetes API."""

from __future__ import annotations

from urllib.parse import quote


def path_segment(name: str) -> str:
    """Return a name as one segment of a path."""
    return quote(name, safe="")
