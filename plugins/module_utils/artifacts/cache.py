"""A cache of built or downloaded artifacts, keyed by the content of what they are made from.

Layout below the cache directory: ``NAME/KEY/`` holds the artifact and ``artifact.json``, the record of
its checksums. An artifact is made in ``NAME/.KEY.work`` and moved in place when it is whole, so a killed
run never leaves half an artifact under its key.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

RECORD = "artifact.json"
REFERENCE = re.compile(r"\{path:([^}]+)\}")
CHUNK = 1 << 20
LOG_TAIL_LINES = 15


class ArtifactError(Exception):
    """An artifact could not be made. The text names the artifact, the cause and the next step."""


@dataclass
class Artifact:
    """What an artifact is made from, and how.

    ``command`` runs in ``directory`` (an empty one by default) and leaves ``output`` in the scratch directory,
    which ``{work}`` in it stands for; ``{path:NAME}`` stands for the artifact NAME of the same list, whose key
    becomes part of this one's. With ``url`` the artifact is downloaded to ``output`` and must have the
    checksum ``sha256``. The environment and the directory are no part of the key.
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
        """Return all that decides the artifact: what its key is computed over.

        Raises:
            ArtifactError: an input file cannot be read.
        """
        if self.url:
            return {"output": self.output, "sha256": self.sha256}
        names = [Path(path).name for path in self.files]
        if len(set(names)) < len(names):
            raise ArtifactError(
                f"{self.name}: two input files have the same name; name their directories instead: {self.files}"
            )
        try:
            files = {Path(path).name: tree_sha256(Path(path)) for path in self.files}
        except OSError as error:
            raise ArtifactError(f"{self.name}: input file cannot be read: {error}") from error
        return {
            "command": self.command,
            "output": self.output,
            "inputs": self.inputs,
            "files": files,
        }


@contextmanager
def ended_with(owner: int, process: subprocess.Popen) -> Iterator[None]:
    """End the session that ``process`` leads when this block is left early or the process ``owner`` ends.

    A build runs beside other phases, detached from the playbook that started it. It must not go on alone
    when that playbook was interrupted or killed.
    """
    done = threading.Event()

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)

    def watch() -> None:
        while not done.wait(1):
            if not Path(f"/proc/{owner}").exists():
                end()
                return

    if owner:
        threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except BaseException:
        end()
        raise
    finally:
        done.set()


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def tree_sha256(path: Path) -> dict[str, str]:
    """Return the checksums of a file, or of all files below a directory, by relative path."""
    return {name: file_sha256(entry) for name, entry in _files(path)}


def tree_stamps(path: Path) -> dict[str, list[int]]:
    """Return inode, size, and times of the last write and change in ns of each file, by relative path.

    Whoever writes to a file changes one of them (the time of change can't be set back).
    """
    stats = ((name, entry.stat()) for name, entry in _files(path))
    return {name: [s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns] for name, s in stats}


def _files(path: Path) -> list[tuple[str, Path]]:
    """Return a file, or all files below a directory, with relative paths."""
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))
    if path.is_file():
        return [(path.name, path)]
    return [
        (str(entry.relative_to(path.parent)), entry)
        for entry in sorted(path.rglob("*"))
        if entry.is_file() and not entry.is_symlink()
    ]


class ArtifactCache:
    """The artifacts below one directory.

    ``report`` gets the name of an artifact and a line of text when something moves on. When the process
    ``owner`` (a pid, 0 for none) ends, a command that runs for it is ended too.
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
        self._keys: dict[str, str] = {}

    def key(self, artifact: Artifact) -> str:
        """Return the key, 16 hex digits. Artifacts that it refers to must have been asked for before.

        Raises:
            ArtifactError: an input file cannot be read, or a reference names no earlier artifact.
        """
        if artifact.name not in self._keys:
            content = REFERENCE.sub(
                lambda match: self._earlier(artifact, match[1]),
                json.dumps(artifact.content(), sort_keys=True),
            )
            self._keys[artifact.name] = hashlib.sha256(content.encode()).hexdigest()[:16]
        return self._keys[artifact.name]

    def _earlier(self, artifact: Artifact, name: str) -> str:
        if name not in self._keys:
            raise ArtifactError(f"{artifact.name}: refers to {name}, which does not come before it")
        return self._keys[name]

    def needed(self, artifacts: list[Artifact], wanted: list[str]) -> dict[str, str]:
        """Return, by name and in order, the state of each wanted artifact and of what it takes to make it.

        An artifact that is present needs nothing else, so the steps on the way to it are not even looked at.
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
                    queue += REFERENCE.findall(json.dumps(artifact.content()))
        return {name: states[name] for name in by_name if name in states}

    def path(self, artifact: Artifact) -> Path:
        """Return where the artifact lies, or would lie."""
        return self._home(artifact) / artifact.output

    def state(self, artifact: Artifact) -> str:
        """Return ``present``, ``absent`` or ``corrupt`` (a file differs from the recorded checksum).

        Checksums of half a gigabyte take seconds, so files that the file system has not touched since their
        checksums were right are not read again. Hosts verify what they get anyway.
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
        with suppress(OSError):  # a cache that may only be read still serves
            self._record(artifact, {**record, "stamps": stamps})
        return "present"

    def checksums(self, artifact: Artifact) -> dict[str, str]:
        """Return the recorded checksums by file of an artifact that is present."""
        return json.loads((self._home(artifact) / RECORD).read_text())["sha256"]

    def make(self, artifact: Artifact) -> bool:
        """Make the artifact unless it is present and whole; return whether it was made.

        Raises:
            ArtifactError: the command failed, the download failed or has another checksum.
        """
        try:
            with self._locked(artifact):
                if self.state(artifact) == "present":
                    return False
                self._make(artifact)
        except OSError as error:
            raise ArtifactError(self._explain_os_error(artifact, error)) from error
        return True

    def _home(self, artifact: Artifact) -> Path:
        return self.directory / artifact.name / self.key(artifact)

    @contextmanager
    def _locked(self, artifact: Artifact) -> Iterator[None]:
        """Keep a second run, or a build that outlived its killed playbook, from the same artifact."""
        folder = self.directory / artifact.name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.report(artifact.name, "another run makes it already, waiting for that")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self, artifact: Artifact) -> None:
        home = self._home(artifact)
        work = home.parent / f".{home.name}.work"
        for leftover in (home, work):
            shutil.rmtree(leftover, ignore_errors=True)
        work.mkdir()
        started = time.monotonic()
        if artifact.url:
            self._download(artifact, work)
        else:
            self._run(artifact, work)
        made = work / artifact.output
        if not made.exists():
            raise ArtifactError(
                f"{artifact.name}: the command succeeded but left no {artifact.output}"
            )
        seconds = round(time.monotonic() - started, 1)
        record = {"name": artifact.name, "sha256": tree_sha256(made), "seconds": seconds}
        home.mkdir(exist_ok=True)
        made.rename(home / artifact.output)
        self._record(artifact, {**record, "stamps": tree_stamps(home / artifact.output)})
        shutil.rmtree(work)
        self.report(artifact.name, f"made in {seconds} s")

    def _record(self, artifact: Artifact, record: dict) -> None:
        """Write the record whole or not at all: another run may read it."""
        home = self._home(artifact)
        partial = home.parent / f".{home.name}.record.{os.getpid()}"
        partial.write_text(json.dumps(record, indent=1))
        partial.replace(home / RECORD)

    def _run(self, artifact: Artifact, work: Path) -> None:
        log = work.parent / "build.log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [self._resolved(part, work) for part in artifact.command],
                cwd=artifact.directory or work,
                env={**os.environ, **artifact.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            with ended_with(self.owner, process):
                for count, line in enumerate(process.stdout, 1):
                    stream.write(line)
                    self.report(artifact.name, f"{line.strip()} ({count})")
        if process.wait() != 0:
            tail = "\n".join(log.read_text().splitlines()[-LOG_TAIL_LINES:])
            hint = "the disk is full, free some space" if "No space left" in tail else f"see {log}"
            raise ArtifactError(
                f"{artifact.name}: {artifact.command[0]} ended with {process.returncode}; {hint}\n{tail}"
            )

    def _resolved(self, part: str, work: Path) -> str:
        def path(match: re.Match) -> str:
            home = self.directory / match[1] / self._keys[match[1]]
            return str(next(entry for entry in home.iterdir() if entry.name != RECORD))

        return REFERENCE.sub(path, part).replace("{work}", str(work))

    def _download(self, artifact: Artifact, work: Path) -> None:
        target = work / artifact.output
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with (
                urllib.request.urlopen(artifact.url, timeout=30) as answer,
                target.open("wb") as out,
            ):
                size = int(answer.headers.get("Content-Length") or 0)
                done = 0
                while chunk := answer.read(CHUNK):
                    out.write(chunk)
                    done += len(chunk)
                    self.report(artifact.name, f"{done >> 20} of {size >> 20} MiB")
        except urllib.error.URLError as error:
            reason = error if isinstance(error, urllib.error.HTTPError) else error.reason
            raise ArtifactError(
                f"{artifact.name}: cannot download {artifact.url}: {reason}"
            ) from error
        if size and done != size:
            raise ArtifactError(
                f"{artifact.name}: {artifact.url} broke off after {done} of {size} bytes"
            )
        found = file_sha256(target)
        if found != artifact.sha256:
            raise ArtifactError(
                f"{artifact.name}: checksum mismatch of {artifact.url}: pinned {artifact.sha256}, "
                f"got {found}; nothing was kept. Check the pin in upstream/versions.yml, or the source."
            )

    @staticmethod
    def _explain_os_error(artifact: Artifact, error: OSError) -> str:
        if error.errno == errno.ENOSPC:
            return f"{artifact.name}: the disk of the cache is full ({error.filename or 'cache'}); free some space"
        if (
            error.errno == errno.ENOENT
            and artifact.command
            and error.filename == artifact.command[0]
        ):
            return f"{artifact.name}: the program {error.filename} is not installed"
        return f"{artifact.name}: {error}"
