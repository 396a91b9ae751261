"""Read the modules of a program from what Go's linker wrote into it, as ``go version -m`` does."""

from __future__ import annotations

import mmap
from dataclasses import dataclass, field
from pathlib import Path

# src/debug/buildinfo/buildinfo.go: a magic number at a multiple of 16, then two texts with their lengths.
MAGIC = b"\xff Go buildinf:"
ALIGNMENT = 16
FLAGS_OFFSET, TEXTS_OFFSET = 15, 32
INLINE_TEXTS = 2
# Bytes that mark the begin and the end of the list of modules.
SENTINEL_BYTES = 16
ELF = b"\x7fELF"


@dataclass(frozen=True)
class GoModule:
    """A module.

    Args:
        path: Its path.
        version: Its version.
        checksum: The checksum of its contents, as go.sum has it. Empty for the program's own module.
    """

    path: str
    version: str
    checksum: str = ""


@dataclass
class GoBuild:
    """The toolchain and the modules of a program.

    Args:
        toolchain: The version of Go.
        modules: The modules whose code is in the program.
    """

    toolchain: str
    modules: list[GoModule] = field(default_factory=list)


def read_build(path: Path) -> GoBuild | None:
    """Return what a program was built from; None unless Go 1.18 or newer built the file."""
    with path.open("rb") as stream:
        if stream.read(len(ELF)) != ELF:
            return None
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = content.find(MAGIC)
            while found >= 0:
                # A program that reads such information itself has the magic number in its constants too.
                build = _parse(content, found) if found % ALIGNMENT == 0 else None
                if build:
                    return build
                found = content.find(MAGIC, found + 1)
    return None


def _parse(content: mmap.mmap, start: int) -> GoBuild | None:
    if start + TEXTS_OFFSET >= len(content) or not content[start + FLAGS_OFFSET] & INLINE_TEXTS:
        return None
    toolchain, position = _text(content, start + TEXTS_OFFSET)
    modules, _ = _text(content, position)
    if not toolchain.startswith((b"go", b"devel")):
        return None
    listed = modules[SENTINEL_BYTES:-SENTINEL_BYTES].decode("utf-8", "replace")
    return GoBuild(toolchain.decode("ascii", "replace"), parse_modules(listed))


def _text(content: mmap.mmap, position: int) -> tuple[bytes, int]:
    """Return the text at a position, and the position behind it. Its length precedes it in groups of 7 bits."""
    length = shift = 0
    while position < len(content):
        byte = content[position]
        position += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return content[position : position + length], position + length


def parse_modules(listed: str) -> list[GoModule]:
    """Parse the list of modules of a program. A replacement takes the place of the module above it."""
    found: list[GoModule] = []
    for line in listed.splitlines():
        kind, *columns = line.split("\t")
        module = GoModule(*(columns + ["", "", ""])[:3])
        if kind == "=>":
            found[-1] = module
        elif kind in ("mod", "dep"):
            found.append(module)
    return found
