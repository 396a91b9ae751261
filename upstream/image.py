#!/usr/bin/env python3
"""Write one container image as an OCI layout, the same bytes (and so the same digest) for the same input.

Takes a JSON description as its argument::

    {"out": directory,          # made; `skopeo copy oci:DIRECTORY` reads it
     "name": "repository:tag",  # kept as a note
     "architecture": "amd64",
     "roots": [tar, ...],       # one layer each, the lowest first
     "files": {path: file},     # the topmost layer
     "entrypoint": [...], "command": [...], "environment": {...}, "labels": {...}, "user": "...", "workdir": "..."}

All but ``out`` and ``name`` may be left out. A file is the path of a program (a directory is copied with all
that is in it), or an object with ``source``, ``content`` (text) or ``directory`` (true), and ``mode`` and ``owner``.
Layers are not compressed: what is pulled over a machine's own network costs less to send than to unpack.

Format: OCI image layout 1.0 (opencontainers/image-spec).
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from oci import EPOCH, PATH

MEDIA_TYPE = "application/vnd.oci.image"
PROGRAM, TEXT, DIRECTORY = "0755", "0644", "0755"


class Layout:
    """An OCI layout that is being written to a directory."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.blobs = directory / "blobs/sha256"
        self.blobs.mkdir(parents=True)

    def blob(self, kind: str, content: bytes) -> dict:
        """Store a blob and return its descriptor."""
        digest = hashlib.sha256(content).hexdigest()
        (self.blobs / digest).write_bytes(content)
        return {
            "mediaType": f"{MEDIA_TYPE}.{kind}",
            "digest": f"sha256:{digest}",
            "size": len(content),
        }

    def close(self, manifest: dict, name: str) -> None:
        """Write the index, with one image."""
        descriptor = self.blob("manifest.v1+json", _json(manifest))
        note = {"org.opencontainers.image.ref.name": name}
        index = {"schemaVersion": 2, "manifests": [{**descriptor, "annotations": note}]}
        (self.directory / "oci-layout").write_bytes(_json({"imageLayoutVersion": "1.0.0"}))
        (self.directory / "index.json").write_bytes(_json(index))


def write_image(job: dict) -> None:
    """Write the image that ``job`` describes, as the module's documentation says."""
    layout = Layout(Path(job["out"]))
    contents = [Path(root).read_bytes() for root in job.get("roots", [])]
    if job.get("files"):
        contents.append(layer(job["files"]))
    layers = [layout.blob("layer.v1.tar", content) for content in contents]
    config = {
        "created": EPOCH,
        "architecture": job.get("architecture", "amd64"),
        "os": "linux",
        "config": settings(job),
        "rootfs": {"type": "layers", "diff_ids": [one["digest"] for one in layers]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{MEDIA_TYPE}.manifest.v1+json",
        "config": layout.blob("config.v1+json", _json(config)),
        "layers": layers,
    }
    layout.close(manifest, job["name"])


def settings(job: dict) -> dict:
    """Return what a runtime does with the image."""
    variables = [f"{name}={value}" for name, value in sorted(job.get("environment", {}).items())]
    if "PATH" not in job.get("environment", {}):
        variables.insert(0, PATH)
    named = {
        "Entrypoint": job.get("entrypoint"),
        "Cmd": job.get("command"),
        "User": job.get("user"),
        "WorkingDir": job.get("workdir"),
        "Labels": job.get("labels"),
    }
    return {"Env": variables, **{name: value for name, value in named.items() if value}}


def layer(files: dict[str, str | dict]) -> bytes:
    """Return a layer with the given files, without times, owned by root unless they say otherwise."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, file in sorted(files.items()):
            for entry, content in members(path.lstrip("/"), file):
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def members(path: str, file: str | dict) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Yield the members of a layer that one entry of ``files`` stands for, with their content."""
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


def _json(value: dict) -> bytes:
    return json.dumps(value).encode()


if __name__ == "__main__":
    write_image(json.loads(sys.argv[1]))
