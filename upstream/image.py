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
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "plugins/module_utils/oci"))
from layer import EPOCH, PATH, layer, settings

MEDIA_TYPE = "application/vnd.oci.image"


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
    found = settings(job)
    path = [] if "PATH" in job.get("environment", {}) else [PATH]
    config = {
        "created": EPOCH,
        "architecture": job.get("architecture", "amd64"),
        "os": "linux",
        "config": {**found, "Env": path + found.get("Env", [])},
        "rootfs": {"type": "layers", "diff_ids": [one["digest"] for one in layers]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{MEDIA_TYPE}.manifest.v1+json",
        "config": layout.blob("config.v1+json", _json(config)),
        "layers": layers,
    }
    layout.close(manifest, job["name"])


def _json(value: dict) -> bytes:
    return json.dumps(value).encode()


if __name__ == "__main__":
    write_image(json.loads(sys.argv[1]))
