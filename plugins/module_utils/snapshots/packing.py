"""Pack what a program writes into a part, and unpack a part into what a program reads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    SnapshotError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Part

CHUNK = 1 << 20
# The quickest level: the time of a snapshot counts more than its last percents.
COMPRESS = ("zstd", "--quiet", "-1", "-T0", "--stdout")
EXPAND = ("zstd", "--quiet", "--decompress", "--stdout")


class Packer:
    """Runs the programs. A named pipe (``pipe``) replaces a program's own output or input.

    Data that passes through the client of Docker takes many times as long as through a named pipe that a
    container opens.
    """

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._interrupted = False

    def interrupt(self) -> None:
        """End all programs, also those that other threads start afterwards."""
        self._interrupted = True
        for process in list(self._running):
            process.kill()

    def pack(self, command: Sequence[str], target: Path, content: int, pipe: Path | None) -> Part:
        """Compress what a program writes into a file; return the part.

        Args:
            command: The program and its arguments.
            target: The file.
            content: Bytes of what is packed.
            pipe: The named pipe that the program writes.

        Raises:
            SnapshotError: A program failed.
        """
        output = subprocess.DEVNULL if pipe else subprocess.PIPE
        with self._started(command, stdout=output) as (source, source_errors):
            with _reading(source, pipe) as stream:
                zstd = self._started(COMPRESS, stdin=stream, stdout=subprocess.PIPE)
                with zstd as (compressor, errors):
                    stream.close()
                    size, sha256 = _copy(compressor.stdout, target)
                    _check(compressor, COMPRESS, errors)
            _check(source, command, source_errors)
        return Part(target.name, size, content, sha256)

    def unpack(self, part: Part, file: Path, command: Sequence[str], pipe: Path | None) -> str:
        """Expand a part into a program, and verify it; return what the program printed.

        Args:
            part: The part.
            file: Its file.
            command: The program and its arguments.
            pipe: The named pipe that the program reads.

        Raises:
            DamagedError: The file is not what was saved.
            SnapshotError: A program failed.
        """
        entry = subprocess.DEVNULL if pipe else subprocess.PIPE
        with self._started(command, stdin=entry, stdout=subprocess.PIPE) as (sink, sink_errors):
            with _writing(sink, pipe) as stream:
                zstd = self._started(EXPAND, stdin=subprocess.PIPE, stdout=stream)
                with zstd as (expander, errors):
                    stream.close()
                    found = _feed(file, expander.stdin)
                    expander.wait()
                    if found != part.sha256:
                        sink.kill()
                        raise damaged(file)
                    if expander.returncode:
                        sink.kill()
                    elif pipe:
                        sink.wait()
            printed = sink.stdout.read().decode(errors="replace").strip()
            _check(sink, command, sink_errors)
            _check(expander, EXPAND, errors)
        return printed

    @contextmanager
    def _started(
        self, command: Sequence[str], **streams: Any
    ) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
        """Start a program, and end it with the block; yields it and the file with its errors."""
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(list(command), stderr=errors, **streams)
            except OSError as problem:
                raise SnapshotError(f"{command[0]} cannot be started: {problem}") from problem
            self._running.add(process)
            if self._interrupted:
                process.kill()
            try:
                yield process, errors
            except BaseException:
                process.kill()
                raise
            finally:
                for stream in (process.stdin, process.stdout):
                    with suppress(OSError):
                        stream and stream.close()
                process.wait()
                self._running.discard(process)


def verify(part: Part, file: Path) -> None:
    """Check that the file of a part is what was saved.

    Raises:
        DamagedError: It is not.
    """
    if not file.is_file() or file.stat().st_size != part.size or _feed(file, None) != part.sha256:
        raise damaged(file)


def damaged(file: Path) -> DamagedError:
    """Return the error for a file that is not what was saved."""
    return DamagedError(
        f"{file} is damaged or missing: its checksum is not the one that was saved. Nothing was restored from it."
    )


def make_pipe(folder: Path, name: str) -> Path:
    """Create a named pipe in a directory of its own, which a container can mount; return its path."""
    place = folder / f"pipe-{name}"
    place.mkdir(mode=0o700)
    os.mkfifo(place / "data", 0o600)
    return place / "data"


def _copy(stream: IO[bytes], target: Path) -> tuple[int, str]:
    """Write a stream into a file that only its owner can read; return its size and checksum."""
    size, digest = 0, hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as out:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
            size += len(chunk)
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def _feed(file: Path, stream: IO[bytes] | None) -> str:
    """Write a file into a stream, as far as its reader takes it; return the checksum of the file."""
    digest = hashlib.sha256()
    try:
        with file.open("rb", buffering=0) as source:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                if stream:
                    try:
                        stream.write(chunk)
                    except BrokenPipeError:  # the reader has ended; its exit code shows it
                        stream = None
    except OSError as problem:
        raise damaged(file) from problem
    if stream:
        with suppress(BrokenPipeError):
            stream.close()
    return digest.hexdigest()


@contextmanager
def _reading(source: subprocess.Popen[bytes], pipe: Path | None) -> Iterator[IO[bytes]]:
    """Yield what a program writes, to its output or to a named pipe. The end of the program ends the stream."""
    if pipe is None:
        yield source.stdout
        return
    held = os.open(pipe, os.O_RDWR)  # a writer, so that opening does not wait for the program
    stream = open(pipe, "rb", buffering=0)  # noqa: SIM115 - the caller closes it
    ending = threading.Thread(target=lambda: (source.wait(), os.close(held)))
    ending.start()
    try:
        yield stream
    except BaseException:
        source.kill()
        raise
    finally:
        stream.close()
        ending.join()


@contextmanager
def _writing(sink: subprocess.Popen[bytes], pipe: Path | None) -> Iterator[IO[bytes]]:
    """Yield what a program reads, from its input or from a named pipe, which stays open until the block ends."""
    if pipe is None:
        yield sink.stdin
        return
    held = os.open(pipe, os.O_RDWR)  # a reader, so that opening does not wait for the program
    stream = open(pipe, "wb", buffering=0)  # noqa: SIM115 - the caller closes it
    ending = threading.Thread(target=lambda: (sink.wait(), os.close(held)))
    ending.start()
    try:
        yield stream
    except BaseException:
        sink.kill()
        raise
    finally:
        stream.close()
        ending.join()


def _check(process: subprocess.Popen[bytes], command: Sequence[str], errors: IO[bytes]) -> None:
    if process.wait():
        errors.seek(0)
        text = errors.read().decode(errors="replace").strip()[-2000:]
        raise SnapshotError(f"{' '.join(command[:2])} failed ({process.returncode}): {text}")
