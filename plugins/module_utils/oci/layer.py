"""What container images are made of here: layers of files, the same bytes for the same input, and settings.

Also used by upstream/image.py, outside of Ansible.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

EPOCH = "1970-01-01T00:00:00Z"
PATH = "PATH=/:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PROGRAM, TEXT, DIRECTORY = "0755", "0644", "0755"


def settings(image: dict) -> dict:
    """Return what a runtime does with an image, in the terms of its configuration."""
    variables = [
        f"{name}={value}" for name, value in sorted((image.get("environment") or {}).items())
    ]
    named = {
        "Env": variables,
        "Entrypoint": image.get("entrypoint"),
        "Cmd": image.get("command"),
        "User": image.get("user"),
        "WorkingDir": image.get("workdir"),
        "Labels": image.get("labels"),
    }
    return {name: value for name, value in named.items() if value}


def layer(files: dict[str, str | dict]) -> bytes:
    """Return a layer with the given files, without times, owned by root unless they say otherwise.

    A file is the path of a program (a directory is taken with all that is in it), or an object with ``source``,
    ``content`` (text) or ``directory`` (true), and ``mode`` and ``owner``.
    """
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, file in sorted(files.items()):
            for entry, content in _members(path.lstrip("/"), file):
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _members(path: str, file: str | dict) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    options = {"source": file} if isinstance(file, str) else file
    if options.get("directory"):
        yield _entry(path, options, DIRECTORY, tarfile.DIRTYPE), b""
    elif "content" in options:
        yield _entry(path, options, TEXT), options["content"].encode()
    elif (source := Path(options["source"])).is_dir():
        for found in sorted(source.rglob("*")):
            if found.is_file():
                mode = PROGRAM if found.stat().st_mode & 0o100 else TEXT
                name = f"{path}/{found.relative_to(source)}"
                yield _entry(name, options, mode), found.read_bytes()
    else:
        yield _entry(path, options, PROGRAM), source.read_bytes()


def _entry(name: str, options: dict, mode: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type = kind
    entry.mode = int(options.get("mode", mode), 8)
    entry.uid = entry.gid = options.get("owner", 0)
    return entry
