"""Forms of manifests that the action plugin and the module share."""

from __future__ import annotations

SUFFIXES = (".yml", ".yaml", ".json")
MAX_FILE_SIZE = 16 << 20

# The keys of a text that the action plugin read or rendered on the controller, and of where it comes from.
RENDERED = frozenset({"text", "source"})


def is_text(source: str) -> bool:
    """Return whether a string is YAML text. Otherwise it is the path of a file or a directory, or a glob."""
    return "\n" in source or ":" in source.strip() and not source.strip().lower().endswith(SUFFIXES)


def applyset_of(release: str) -> str:
    """Return the name of the ApplySet that records the objects of a chart's release."""
    return f"release.{release}"
