"""Read the packages of a Python environment from its lock file."""

from __future__ import annotations

import re
from dataclasses import dataclass

PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class PythonPackage:
    """A pinned package.

    Args:
        name: Its name, normalized.
        version: Its version.
        sha256: The checksums of its files, of which pip accepts any.
    """

    name: str
    version: str
    sha256: tuple[str, ...]


def parse_lock(text: str) -> list[PythonPackage]:
    """Return the packages of a lock file, sorted by name."""
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        pin = PIN.match(line)
        if pin:
            name = re.sub(r"[-_.]+", "-", pin["name"]).lower()
            found.append(PythonPackage(name, pin["version"], tuple(sorted(HASH.findall(line)))))
    return sorted(found, key=lambda one: (one.name, one.version))
