#!/usr/bin/env python3
"""Write one container image as an OCI layout: the same input gives the same bytes, and so the same digest.

Takes a JSON description as its argument::

    {"out": directory,          # created; `skopeo copy oci:DIRECTORY` reads it
     "name": "repository:tag",  # an annotation
     "architecture": "amd64",
     "roots": [tar, ...],       # one layer each, the lowest first
     "files": {path: file},     # the topmost layer
     "entrypoint": [...], "command": [...], "environment": {...}, "labels": {...}, "user": "...", "workdir": "..."}

Only ``out`` and ``name`` are required. A file is the path of a program (a directory is copied with its content), or an
object with ``source``, ``content`` (text) or ``directory`` (true), and ``mode`` and ``owner``. Layers are not
compressed: on a machine's own network, unpacking takes longer than sending.

Needs the directory that contains ``ansible_collections`` in PYTHONPATH.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.oci.image import compose
from ansible_collections.slipway.lab.plugins.module_utils.oci.layer import (
    build_layer,
    runtime_config,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.layout import write_directory


def write_image(job: dict) -> None:
    """Write the image that ``job`` describes, in the terms of the module's docstring."""
    layers = [Path(root).read_bytes() for root in job.get("roots", [])]
    if job.get("files"):
        layers.append(build_layer(job["files"]))
    image = compose(layers, runtime_config(job), job.get("architecture", "amd64"))
    write_directory(Path(job["out"]), job["name"], image)


if __name__ == "__main__":
    write_image(json.loads(sys.argv[1]))
