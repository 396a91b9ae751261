"""Keys of artifacts: digests of everything that they are made from."""

from __future__ import annotations

import hashlib
import json

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    ARTIFACT_REFERENCE,
    Artifact,
    ArtifactError,
)


class ArtifactKeys:
    """Compute keys in the order of the artifacts, because a key contains the keys of earlier artifacts."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def key(self, artifact: Artifact) -> str:
        """Return the key, 16 hexadecimal digits.

        Raises:
            ArtifactError: An input file cannot be read, or a reference names no earlier artifact.
        """
        if artifact.name not in self._keys:
            content = ARTIFACT_REFERENCE.sub(
                lambda match: self._earlier(artifact, match[1]),
                json.dumps(artifact.content(), sort_keys=True),
            )
            self._keys[artifact.name] = hashlib.sha256(content.encode()).hexdigest()[:16]
        return self._keys[artifact.name]

    def known(self, name: str) -> str:
        """Return the key of an artifact whose key has been computed."""
        return self._keys[name]

    def _earlier(self, artifact: Artifact, name: str) -> str:
        if name not in self._keys:
            raise ArtifactError(
                f"{artifact.name}: refers to {name}, which is not earlier in the list"
            )
        return self._keys[name]
