"""Cache built and downloaded artifacts by the content of what they are made from.

Layout below the cache directory: ``NAME/KEY/`` holds the artifact and ``artifact.json``, the record of its checksums.
An artifact is made in ``NAME/.KEY.work`` and moved in place when it is complete, so a killed run never leaves a partial
artifact under its key.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    ARTIFACT_REFERENCE,
    FILE_REFERENCE,
    Artifact,
    ArtifactError,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.build import run_command
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.checksums import (
    tree_sha256,
    tree_stamps,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.download import download
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.keys import ArtifactKeys

RECORD = "artifact.json"
# Beside the versions of an artifact, held while one is made or removed.
LOCK = ".lock"


class ArtifactCache:
    """The artifacts below one directory.

    Args:
        directory: The directory of the cache.
        report: Gets the name of an artifact and a line of text on each progress.
        owner: Process (pid) whose end also ends a running command. 0 means none.
    """

    def __init__(
        self,
        directory: str,
        report: Callable[[str, str], None] = lambda name, text: None,
        owner: int = 0,
    ):
        self.directory = Path(directory)
        self.report = report
        self.owner = owner
        self._keys = ArtifactKeys()

    def key(self, artifact: Artifact) -> str:
        """Return the key of an artifact.

        Raises:
            ArtifactError: An input file cannot be read, or a reference names no earlier artifact.
        """
        return self._keys.key(artifact)

    def needed(self, artifacts: list[Artifact], wanted: list[str]) -> dict[str, str]:
        """Return, by name and in order, the state of each wanted artifact and of those that it must be made from.

        The inputs of an artifact that is present are not examined.
        """
        by_name = {artifact.name: artifact for artifact in artifacts}
        for artifact in artifacts:
            self.key(artifact)
        states: dict[str, str] = {}
        queue = list(wanted)
        while queue:
            artifact = by_name[queue.pop()]
            if artifact.name not in states:
                states[artifact.name] = self.state(artifact)
                if states[artifact.name] != "present":
                    queue += artifact.references()
        return {name: states[name] for name in by_name if name in states}

    def path(self, artifact: Artifact) -> Path:
        """Return the path of the artifact, which need not exist."""
        return self._home(artifact) / artifact.output

    def state(self, artifact: Artifact) -> str:
        """Return ``present``, ``absent`` or ``corrupt`` (a file differs from the recorded checksum).

        Checksums of half a gigabyte take seconds, so a file is not read again when its inode, size and times are those
        at which its checksum was verified. Hosts verify what they download anyway.
        """
        try:
            record = json.loads((self._home(artifact) / RECORD).read_text())
        except (OSError, ValueError):
            return "absent"
        path = self.path(artifact)
        try:
            stamps = tree_stamps(path)
            if stamps == record.get("stamps"):
                return "present"
            if tree_sha256(path) != record["sha256"]:
                return "corrupt"
        except OSError:
            return "corrupt"
        with suppress(OSError):  # a read-only cache still serves
            self._write_record(artifact, {**record, "stamps": stamps})
        return "present"

    def checksums(self, artifact: Artifact) -> dict[str, str]:
        """Return the recorded checksums by file of an artifact that is present."""
        return json.loads((self._home(artifact) / RECORD).read_text())["sha256"]

    def make(self, artifact: Artifact) -> bool:
        """Make the artifact unless it is present; return whether it was made.

        Raises:
            ArtifactError: The command failed, the download failed or has another checksum.
        """
        try:
            with self._locked(artifact):
                if self.state(artifact) == "present":
                    return False
                self._make(artifact)
        except OSError as error:
            raise ArtifactError(_explain_os_error(artifact, error)) from error
        return True

    def _home(self, artifact: Artifact) -> Path:
        return self.directory / artifact.name / self.key(artifact)

    @contextmanager
    def _locked(self, artifact: Artifact) -> Iterator[None]:
        """Prevent a second run, or a build that outlived its killed playbook, from making the same artifact."""
        folder = self.directory / artifact.name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.report(artifact.name, "waiting for another run that makes it")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self, artifact: Artifact) -> None:
        home = self._home(artifact)
        work = home.parent / f".{home.name}.work"
        for leftover in (home, work):
            shutil.rmtree(leftover, ignore_errors=True)
        work.mkdir()
        started = time.monotonic()
        made = work / artifact.output
        if artifact.url:
            download(artifact, made, self.report)
        else:
            self._build(artifact, work)
        if not made.exists():
            raise ArtifactError(
                f"{artifact.name}: the command succeeded but left no {artifact.output}"
            )
        seconds = round(time.monotonic() - started, 1)
        used = {name: self._keys.known(name) for name in artifact.references()}
        record = {"name": artifact.name, "sha256": tree_sha256(made), "seconds": seconds}
        record.update({"made_from": used} if used else {})
        home.mkdir(exist_ok=True)
        made.rename(home / artifact.output)
        self._write_record(artifact, {**record, "stamps": tree_stamps(home / artifact.output)})
        shutil.rmtree(work)
        self.report(artifact.name, f"made in {seconds} s")

    def _build(self, artifact: Artifact, work: Path) -> None:
        run_command(
            artifact.name,
            [_resolve(artifact, part, work, self._path_by_name) for part in artifact.command],
            Path(artifact.directory or work),
            artifact.environment,
            work.parent / "build.log",
            self.report,
            self.owner,
        )

    def _path_by_name(self, name: str) -> Path:
        """Return the path of an earlier artifact, which exists."""
        home = self.directory / name / self._keys.known(name)
        return next(entry for entry in home.iterdir() if entry.name != RECORD)

    def _write_record(self, artifact: Artifact, record: dict) -> None:
        """Write the record atomically, because another run may read it."""
        home = self._home(artifact)
        partial = home.parent / f".{home.name}.record.{os.getpid()}"
        partial.write_text(json.dumps(record, indent=1))
        partial.replace(home / RECORD)


def _resolve(artifact: Artifact, part: str, work: Path, path_of: Callable[[str], Path]) -> str:
    """Return a part of a command with the paths of its references.

    Args:
        artifact: The artifact that is made.
        part: The part as declared.
        work: The temporary directory.
        path_of: Returns the path of an earlier artifact by its name.
    """
    part = ARTIFACT_REFERENCE.sub(lambda match: str(path_of(match[1])), part)
    part = FILE_REFERENCE.sub(lambda match: str(artifact.input_path(match[1])), part)
    return part.replace("{work}", str(work))


def _explain_os_error(artifact: Artifact, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"{artifact.name}: the disk of the cache is full ({error.filename or 'cache'}); free some space"
    if error.errno == errno.ENOENT and artifact.command and error.filename == artifact.command[0]:
        return f"{artifact.name}: the program {error.filename} is not installed"
    return f"{artifact.name}: {error}"
