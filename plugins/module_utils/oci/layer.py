"""Build reproducible layers and the runtime configuration of container images.

The tools below upstream/ use this module too, outside of Ansible.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

PROGRAM_MODE, TEXT_MODE, DIRECTORY_MODE = "0755", "0644", "0755"


def runtime_config(options: dict) -> dict:
    """Return the options of an image in the terms of the OCI image configuration.

    Args:
        options: ``environment``, ``entrypoint``, ``command``, ``user``, ``workdir`` and ``labels``, all optional.
    """
    variables = [
        f"{name}={value}" for name, value in sorted((options.get("environment") or {}).items())
    ]
    named = {
        "Env": variables,
        "Entrypoint": options.get("entrypoint"),
        "Cmd": options.get("command"),
        "User": options.get("user"),
        "WorkingDir": options.get("workdir"),
        "Labels": options.get("labels"),
    }
    return {name: value for name, value in named.items() if value}


def build_layer(files: dict[str, str | dict]) -> bytes:
    """Return an uncompressed layer with the given files, without times.

    Args:
        files: Files by their path in the image. A file is the path of a program (a directory is copied with its
            content), or a dictionary with one of ``source``, ``content`` (text) and ``directory`` (true), and
            optionally ``mode`` (octal text) and ``owner`` (user and group, root by default).
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
        yield _entry(path, options, DIRECTORY_MODE, tarfile.DIRTYPE), b""
    elif "content" in options:
        yield _entry(path, options, TEXT_MODE), options["content"].encode()
    elif (source := Path(options["source"])).is_dir():
        for found in sorted(source.rglob("*")):
            if found.is_file():
                mode = PROGRAM_MODE if found.stat().st_mode & 0o100 else TEXT_MODE
                name = f"{path}/{found.relative_to(source)}"
                yield _entry(name, options, mode), found.read_bytes()
    else:
        yield _entry(path, options, PROGRAM_MODE), source.read_bytes()


def _entry(name: str, options: dict, mode: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type = kind
    entry.mode = int(options.get("mode", mode), 8)
    entry.uid = entry.gid = options.get("owner", 0)
    return entry
