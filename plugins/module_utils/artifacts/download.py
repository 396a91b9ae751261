"""Download an artifact and verify its checksum."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    Artifact,
    ArtifactError,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.checksums import (
    CHUNK_BYTES,
    file_sha256,
)

TIMEOUT_SECONDS = 30


def download(artifact: Artifact, target: Path, report: Callable[[str, str], None]) -> None:
    """Download the artifact to the file ``target``.

    Args:
        artifact: An artifact with ``url`` and ``sha256``.
        target: File to write.
        report: Gets the name of the artifact and how much of it has arrived.

    Raises:
        ArtifactError: The server gave no complete file, or a file with another checksum.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, received = _fetch(artifact, target, report)
    except urllib.error.URLError as error:
        reason = error if isinstance(error, urllib.error.HTTPError) else error.reason
        raise ArtifactError(f"{artifact.name}: cannot download {artifact.url}: {reason}") from error
    if size and received != size:
        raise ArtifactError(
            f"{artifact.name}: {artifact.url} broke off after {received} of {size} bytes"
        )
    found = file_sha256(target)
    if found != artifact.sha256:
        raise ArtifactError(
            f"{artifact.name}: checksum mismatch of {artifact.url}: pinned {artifact.sha256}, "
            f"got {found}; nothing was kept. Check the pin in upstream/versions.yml, or the source."
        )


def _fetch(artifact: Artifact, target: Path, report: Callable[[str, str], None]) -> tuple[int, int]:
    """Return the announced size in bytes, 0 when unknown, and the number of bytes that arrived."""
    received = 0
    with (
        urllib.request.urlopen(artifact.url, timeout=TIMEOUT_SECONDS) as answer,
        target.open("wb") as out,
    ):
        size = int(answer.headers.get("Content-Length") or 0)
        while chunk := answer.read(CHUNK_BYTES):
            out.write(chunk)
            received += len(chunk)
            report(artifact.name, f"{received >> 20} of {size >> 20} MiB")
    return size, received
