"""Write container images as an OCI image layout: a directory, or a tar archive.

Format: OCI image layout 1.0 (opencontainers/image-spec). Equal blobs are stored once. The tools below upstream/ use
this module, outside of Ansible.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import (
    Image,
    blob_digest,
    descriptor,
    to_json,
)

# The tag of an image in a layout, and the full name that containerd reads on import (containerd, images/archive).
TAG_ANNOTATION = "org.opencontainers.image.ref.name"
CONTAINERD_ANNOTATION = "io.containerd.image.name"


def write_directory(target: Path, name: str, image: Image) -> None:
    """Write one image to the new directory ``target``, which ``skopeo copy oci:TARGET`` reads."""
    (target / "blobs/sha256").mkdir(parents=True)
    _write(
        lambda path, content: (target / path).write_bytes(content), TAG_ANNOTATION, [(name, image)]
    )


def write_archive(target: Path, images: Iterable[tuple[str, Image]]) -> None:
    """Write images by their full names to the tar archive ``target``, which ``ctr images import`` reads."""
    with tarfile.open(target, "w") as archive:

        def add(path: str, content: bytes) -> None:
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))

        _write(add, CONTAINERD_ANNOTATION, images)


def _write(
    write_file: Callable[[str, bytes], object],
    annotation: str,
    images: Iterable[tuple[str, Image]],
) -> None:
    written: set[str] = set()
    manifests = []
    for name, image in images:
        for content in (*image.layers, image.config, image.manifest):
            digest = blob_digest(content)
            if digest not in written:
                written.add(digest)
                write_file(f"blobs/{digest.replace(':', '/')}", content)
        manifests.append(
            {**descriptor("manifest.v1+json", image.manifest), "annotations": {annotation: name}}
        )
    write_file("oci-layout", to_json({"imageLayoutVersion": "1.0.0"}))
    write_file("index.json", to_json({"schemaVersion": 2, "manifests": manifests}))
