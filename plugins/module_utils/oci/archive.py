"""Read what an archive of images contains: names and IDs, as the nodes of a cluster report them.

Formats: the archive of ``docker save`` (a manifest.json) and an OCI image layout 1.0 (an index.json), each also
compressed.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError
from ansible_collections.slipway.lab.plugins.module_utils.oci.image import blob_digest
from ansible_collections.slipway.lab.plugins.module_utils.oci.layout import (
    CONTAINERD_ANNOTATION,
    TAG_ANNOTATION,
)

# Manifests and configurations are smaller. Larger members are layers.
LARGEST_DOCUMENT = 4 << 20
REMEDY = "write it with `docker save NAME --output FILE`"


class ArchiveError(SlipwayError):
    """An archive cannot be loaded into the nodes of a cluster. The text names the cause and the next step."""


def read_archive(path: str | Path, architecture: str) -> dict[str, str]:
    """Return the full names of the images in an archive, each with the ID of its image.

    Args:
        path: The archive.
        architecture: That of the nodes, in Go's words, such as ``amd64``.

    Raises:
        ArchiveError: The file is not such an archive, names no image, or an image is for another architecture.
    """
    documents = _documents(path)
    if "manifest.json" in documents:
        found = _of_docker(path, documents)
    elif "index.json" in documents:
        found = _of_layout(path, documents, architecture)
    else:
        raise ArchiveError(
            f"{path} contains no image (neither manifest.json nor index.json); {REMEDY}"
        )
    if not found:
        raise ArchiveError(
            f"{path} contains images without a name; {REMEDY}, with the name of the image"
        )
    for name, config in found.items():
        made_for = json.loads(config).get("architecture") or architecture
        if made_for != architecture:
            raise ArchiveError(
                f"{path}: {name} is for {made_for}, and the nodes are {architecture}"
            )
    return {full_name(name): blob_digest(config) for name, config in found.items()}


def full_name(name: str) -> str:
    """Return the name of an image as containerd stores it: with registry, and with a tag or digest.

    Args:
        name: As users write it, such as ``shop/web:v1``.
    """
    first, slash, rest = name.partition("/")
    has_registry = slash and (any(sign in first for sign in ".:") or first == "localhost")
    registry, path = (first, rest) if has_registry else ("docker.io", name)
    if registry == "docker.io" and "/" not in path:
        path = f"library/{path}"
    tagged = "@" in path or ":" in path.rpartition("/")[2]
    return f"{registry}/{path}" + ("" if tagged else ":latest")


def _documents(path: str | Path) -> dict[str, bytes]:
    """Return the small members of an archive, which it is read for once from start to end."""
    found = {}
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                if member.isfile() and member.size <= LARGEST_DOCUMENT:
                    found[name] = archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArchiveError(f"{path} cannot be read as an archive: {error}; {REMEDY}") from error
    return found


def _of_docker(path: str | Path, documents: dict[str, bytes]) -> dict[str, bytes]:
    return {
        name: _document(path, documents, image["Config"])
        for image in _json(path, documents, "manifest.json")
        for name in image.get("RepoTags") or ()
    }


def _of_layout(
    path: str | Path, documents: dict[str, bytes], architecture: str
) -> dict[str, bytes]:
    found = {}
    for entry in _json(path, documents, "index.json").get("manifests", ()):
        notes = entry.get("annotations") or {}
        name = notes.get(CONTAINERD_ANNOTATION) or notes.get(TAG_ANNOTATION) or ""
        if not set(name) & set("/:@"):
            continue  # a bare tag names no image
        if name != full_name(name):  # containerd would store it under a name that no pod asks for
            raise ArchiveError(f"{path} names {name}; write the full name {full_name(name)}")
        manifest = _manifest(path, documents, entry, architecture)
        found[name] = _document(path, documents, _blob(manifest["config"]["digest"]))
    return found


def _manifest(
    path: str | Path, documents: dict[str, bytes], entry: dict, architecture: str
) -> dict:
    """Return the manifest of an entry; of an index, that of the architecture."""
    content = _json(path, documents, _blob(entry["digest"]))
    if "manifests" not in content:
        return content
    platforms = {
        (one.get("platform") or {}).get("architecture", ""): one for one in content["manifests"]
    }
    if architecture not in platforms:
        known = ", ".join(sorted(filter(None, platforms)))
        raise ArchiveError(f"{path} has images for {known}, and the nodes are {architecture}")
    return _manifest(path, documents, platforms[architecture], architecture)


def _blob(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _json(path: str | Path, documents: dict[str, bytes], name: str):
    try:
        return json.loads(_document(path, documents, name))
    except ValueError as error:
        raise ArchiveError(f"{path}: {name} is not JSON: {error}; {REMEDY}") from error


def _document(path: str | Path, documents: dict[str, bytes], name: str) -> bytes:
    if name not in documents:
        raise ArchiveError(f"{path} is not complete: {name} is missing; {REMEDY}")
    return documents[name]
