"""Build reproducible layers and the runtime configuration of container images.

The tools below upstream/ use this module too, outside of Ansible.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

PROGRAM_MODE, TEXT_MODE, DIRECTORY_MODE, LINK_MODE = "0755", "0644", "0755", "0777"


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
            optionally ``mode`` (octal text) and ``owner`` (user and group, root by default). Links in a directory stay
            links. Files in a directory have one of two modes, as in Git, so that a layer does not depend on the umask.
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
            yield from _found_members(f"{path}/{found.relative_to(source)}", found, options)
    else:
        yield _entry(path, options, PROGRAM_MODE), source.read_bytes()


def _found_members(
    name: str, found: Path, options: dict
) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Yield what becomes of one entry of a directory. Only an empty directory needs an entry of its own."""
    if found.is_symlink():
        link = _entry(name, {"owner": options.get("owner", 0)}, LINK_MODE, tarfile.SYMTYPE)
        link.linkname = os.readlink(found)
        yield link, b""
    elif found.is_file():
        mode = PROGRAM_MODE if found.stat().st_mode & 0o100 else TEXT_MODE
        yield _entry(name, options, mode), found.read_bytes()
    elif found.is_dir() and not any(found.iterdir()):
        yield _entry(name, {"owner": options.get("owner", 0)}, DIRECTORY_MODE, tarfile.DIRTYPE), b""


def _entry(name: str, options: dict, mode: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type = kind
    entry.mode = int(options.get("mode", mode), 8)
    entry.uid = entry.gid = options.get("owner", 0)
    return entry
