"""Write container images as one OCI archive, the same bytes for the same input.

Formats: OCI image layout 1.0 (opencontainers/image-spec); the annotation with the full image name is the one
that containerd reads on import (containerd, images/archive).
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

EPOCH = "1970-01-01T00:00:00Z"
PATH = "PATH=/:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Image:
    """An image: its full reference, entrypoint, root file systems (tar archives) and single programs.

    ``files`` maps a path in the image to a program on this machine; they form the topmost layer.
    """

    reference: str
    entrypoint: list[str]
    roots: list[Path] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)


def write_archive(target: Path, images: list[Image], architecture: str = "amd64") -> None:
    """Write ``images`` to the tar archive ``target``; equal layers are stored once."""
    with tarfile.open(target, "w") as archive:
        writer = _Writer(archive)
        manifests = [writer.image(image, architecture) for image in images]
        writer.add("oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
        index = {"schemaVersion": 2, "manifests": manifests}
        writer.add("index.json", json.dumps(index).encode())


class _Writer:
    def __init__(self, archive: tarfile.TarFile):
        self.archive = archive
        self.blobs: set[str] = set()

    def add(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self.archive.addfile(entry, io.BytesIO(content))

    def blob(self, media_type: str, content: bytes) -> dict:
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self.blobs:
            self.blobs.add(digest)
            self.add(f"blobs/sha256/{digest}", content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def image(self, image: Image, architecture: str) -> dict:
        layers = [
            self.blob("application/vnd.oci.image.layer.v1.tar", content)
            for content in [*(root.read_bytes() for root in image.roots), _layer(image.files)]
        ]
        config = {
            "created": EPOCH,
            "architecture": architecture,
            "os": "linux",
            "config": {"Entrypoint": image.entrypoint, "Env": [PATH]},
            "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": self.blob(
                "application/vnd.oci.image.config.v1+json", json.dumps(config).encode()
            ),
            "layers": layers,
        }
        descriptor = self.blob(manifest["mediaType"], json.dumps(manifest).encode())
        return {**descriptor, "annotations": {"io.containerd.image.name": image.reference}}


def _layer(files: dict[str, Path]) -> bytes:
    """Return a layer with the given programs, owned by root and without times."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as layer:
        for name, source in sorted(files.items()):
            content = source.read_bytes()
            entry = tarfile.TarInfo(name.lstrip("/"))
            entry.size = len(content)
            entry.mode = 0o755
            layer.addfile(entry, io.BytesIO(content))
    return stream.getvalue()
