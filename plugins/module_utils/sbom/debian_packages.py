"""Read the Debian packages of a root file system from its archive."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STATUS = "var/lib/dpkg/status"
# Here images without dpkg have a file for each package.
STATUS_FOLDER = "var/lib/dpkg/status.d/"
RELEASE = "usr/lib/os-release"


@dataclass(frozen=True, order=True)
class DebianPackage:
    """An installed package.

    Args:
        name: Its name.
        version: Its version.
        architecture: Its architecture.
        system: The distribution and its version, such as ``debian-13``.
    """

    name: str
    version: str
    architecture: str
    system: str = ""


def read_packages(path: Path) -> list[DebianPackage]:
    """Return the packages in the archive of a root file system, sorted; nothing if it is something else."""
    status: list[str] = []
    release = ""
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                if name == STATUS or name.startswith(STATUS_FOLDER):
                    status.append(_text(archive, member))
                elif name == RELEASE:
                    release = _text(archive, member)
    except tarfile.ReadError:
        return []
    system = _system(release)
    return sorted({one for text in status for one in parse_status(text, system)})


def parse_status(text: str, system: str = "") -> Iterator[DebianPackage]:
    """Yield the installed packages of dpkg's list."""
    for paragraph in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1)
            for line in paragraph.splitlines()
            if ": " in line and line[0] != " "
        )
        if {"Package", "Version"} <= fields.keys() and _is_installed(fields):
            yield DebianPackage(
                fields["Package"], fields["Version"], fields.get("Architecture", ""), system
            )


def _is_installed(fields: dict[str, str]) -> bool:
    return fields.get("Status", "installed").endswith("installed") and not fields.get(
        "Status", ""
    ).endswith("not-installed")


def _text(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    stream = archive.extractfile(member) if member.isreg() else None
    return stream.read().decode("utf-8", "replace") if stream else ""


def _system(release: str) -> str:
    values = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    parts = [values[name].strip('"') for name in ("ID", "VERSION_ID") if name in values]
    return "-".join(parts)
