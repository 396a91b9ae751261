"""A shell on a terminal of its own, for a page."""

from __future__ import annotations

import asyncio
import os
import secrets
import termios
from collections.abc import Mapping
from pathlib import Path

from slipway.lab import processes

# A server that a script started in the background ignores Ctrl-C, and programs of the shell would inherit that. setsid
# gives the shell a session of its own on its terminal.
COMMAND = (
    *("env", "--default-signal=INT,QUIT", "setsid", "--ctty"),
    *("bash", "--rcfile", str(Path(__file__).with_name("shell.bash"))),
)
BLOCK = 1 << 16
# Time for the last output of a shell that has ended: a program in the background may keep its terminal open.
LAST_SECONDS = 0.2


class Shell:
    """A shell, which runs in the directory of this process.

    Args:
        environment: Its variables.
    """

    def __init__(self, environment: Mapping[str, str]):
        # Finds what the shell started, even what left its session.
        self._run = secrets.token_hex(8)
        self._environment = {
            **environment, "TERM": "xterm-256color", "COLORTERM": "truecolor", processes.RUN_VARIABLE: self._run
        }  # fmt: skip
        self._output = asyncio.StreamReader(BLOCK)
        self._ending: asyncio.Task[None] | None = None

    async def start(self, size: tuple[int, int]) -> None:
        """Start the shell, and connect this process with its terminal.

        Args:
            size: Rows and columns. A shell that starts with another size may miss a change of it.
        """
        master, own = os.openpty()
        self._terminal = os.fdopen(master, "rb", buffering=0)
        self.resize(size)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND, stdin=own, stdout=own, stderr=own, env=self._environment
            )
        except OSError:
            self._terminal.close()
            raise
        finally:
            os.close(own)
        loop = asyncio.get_running_loop()
        self._reader, _ = await loop.connect_read_pipe(
            lambda: _Output(self._output), self._terminal
        )
        writer = os.fdopen(os.dup(master), "wb", buffering=0)
        self._writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, writer)
        self._watch = asyncio.create_task(self._close_after_exit())

    async def read(self) -> bytes:
        """Return the next output; empty at its end."""
        return await self._output.read(BLOCK)

    def write(self, keys: bytes) -> None:
        """Type."""
        self._writer.write(keys)

    def resize(self, size: tuple[int, int]) -> None:
        """Set the rows and columns of the terminal for its programs."""
        if not self._terminal.closed:
            termios.tcsetwinsize(self._terminal, size)

    async def end(self) -> None:
        """End the shell and everything that it started."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _close_after_exit(self) -> None:
        await self._process.wait()
        await asyncio.sleep(LAST_SECONDS)
        self._reader.close()

    async def _end(self) -> None:
        # Linux then sends SIGHUP to the shell, which passes it on to its jobs.
        self._reader.close()
        self._writer.abort()
        await asyncio.sleep(0)
        await asyncio.to_thread(processes.end_run, self._run)
        await self._watch


class _Output(asyncio.StreamReaderProtocol):
    """Reads a terminal. Linux reports an error when the last process has closed it; this is its end."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(None)
