"""Verify the results of a class."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from slipway.bundle.signature import verify_checksum, verify_signature
from slipway.errors import SlipwayError

MANIFEST = "results.json"
NAMESPACE = "slipway-class"  # the same as in playbooks/lessons/class/results.yml


def verify_results(folder: Path, signer: str) -> dict[str, Any]:
    """Verify the signature and the checksums of results; return the signed list.

    Args:
        folder: Directory of the results.
        signer: The public key of the teacher, or the path of a file with it.

    Raises:
        SlipwayError: Another key signed them, or a file was changed.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
        signature = (folder / f"{MANIFEST}.sig").read_bytes()
    except OSError as problem:
        raise SlipwayError(
            f"{problem.filename}: {problem.strerror}",
            "name a directory that `class export` has written",
        ) from problem
    verify_signature(text, signature, signer, NAMESPACE)
    manifest: dict[str, Any] = json.loads(text)
    for name, checksum in manifest["files"].items():
        verify_checksum(folder / Path(name).name, checksum)
    return manifest
