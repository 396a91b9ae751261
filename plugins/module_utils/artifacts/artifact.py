"""Describe an artifact: what it is made from, and how."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.checksums import input_digest
from ansible_collections.slipway.lab.plugins.module_utils.common.errors import SlipwayError

ARTIFACT_REFERENCE = re.compile(r"\{path:([^}]+)\}")
FILE_REFERENCE = re.compile(r"\{file:([^}]+)\}")


class ArtifactError(SlipwayError):
    """An artifact could not be made. The text names the artifact, the cause and the next step."""


@dataclass
class Artifact:
    """The recipe of an artifact.

    Where input files lie is not part of the key, so that a moved or renamed file does not cause a rebuild.

    Args:
        name: Name in the cache.
        output: File or directory that the command leaves in the scratch directory, or that a download becomes.
        command: Command as a list. ``{work}`` in it is the scratch directory. ``{file:PATH}`` is a file or a directory
            that the command reads, relative to ``directory``; its content becomes part of the key. ``{path:NAME}`` is
            the artifact NAME of the same list; its key becomes part of this one's.
        environment: Environment variables of the command. Not part of the key.
        directory: Where the command runs, an empty directory by default. Not part of the key.
        inputs: Anything else that decides the content, such as the architecture and the version of the compiler.
        files: Files and directories that the command reads without naming them. Their content is part of the key.
        url: Download from here instead of running a command. Not part of the key.
        sha256: Checksum that the download must have.
    """

    name: str
    output: str
    command: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    directory: str = ""
    inputs: dict = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    url: str = ""
    sha256: str = ""

    def content(self) -> dict:
        """Return everything that decides the bytes of the artifact, with references to others as they are.

        Raises:
            ArtifactError: An input file cannot be read.
        """
        if self.url:
            return {"output": self.output, "sha256": self.sha256}
        try:
            return {
                "command": [
                    FILE_REFERENCE.sub(lambda match: input_digest(self.input_path(match[1])), part)
                    for part in self.command
                ],
                "output": self.output,
                "inputs": self.inputs,
                "files": [input_digest(Path(path)) for path in self.files],
            }
        except OSError as error:
            raise ArtifactError(f"{self.name}: input file cannot be read: {error}") from error

    def input_path(self, name: str) -> Path:
        """Return where an input file lies that the command names."""
        return Path(self.directory).resolve() / name

    def references(self) -> list[str]:
        """Return the names of the artifacts that this one is made from."""
        return ARTIFACT_REFERENCE.findall(json.dumps([self.command, self.inputs]))
