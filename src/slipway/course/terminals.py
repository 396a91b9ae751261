"""The terminals of the course pages: shells of the student, for pages of this server only.

A shell is given to a page with the host and origin of this server and the token of this run, over a connection of the
account that runs the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import mimetypes
import os
import secrets
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import WSMsgType, web

from slipway.course.shell import Shell
from slipway.course.xterm import load_xterm
from slipway.errors import SlipwayError
from slipway.lab.project import Project
from slipway.lessons.practice_state import shell_environment

PROTOCOL = "slipway-terminal"
# Messages of output that a page may have received without having shown them. Without a limit, a page stores what
# a program prints faster than it can be shown, and Ctrl-C comes late.
UNSEEN = 32
# The page sends this when it has shown a message.
SEEN = "seen"
# A page has this time to answer that the shell has ended.
CLOSE_SECONDS = 2
# A page that is gone without a word is noticed in this time.
HEARTBEAT_SECONDS = 20
LARGEST_INPUT = 1 << 20
LARGEST_SIZE = 1000


class Terminals:
    """The terminals of one server.

    Args:
        load: Returns the files of xterm.js by name; raises SlipwayError.
        environment: Returns the variables of a new shell.
    """

    def __init__(
        self, load: Callable[[], Mapping[str, bytes]], environment: Callable[[], Mapping[str, str]]
    ):
        self._load = load
        self._environment = environment
        self._token = secrets.token_urlsafe(32)
        self._files: Mapping[str, bytes] = {}
        self._loading = asyncio.Lock()
        self._shells: set[Shell] = set()

    @classmethod
    def of(cls, project: Project) -> Terminals:
        """Return the terminals of a student of a lab."""
        return cls(lambda: load_xterm(project), lambda: shell_environment(project))

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the server."""
        return [
            web.get("/terminal.json", self._prepare),
            web.get("/terminal/{name}", self._send_file),
            web.get("/terminal", self._connect),
        ]

    async def end(self, _: web.Application) -> None:
        """End all shells."""
        await asyncio.gather(*(shell.end() for shell in self._shells))

    async def _prepare(self, request: web.Request) -> web.Response:
        """Fetch xterm.js; return the token, or why there is no terminal."""
        if peer_account(request) != os.getuid():
            problem = "the browser does not run as the account that serves this page"
            return web.json_response({"problem": problem}, status=403)
        try:
            async with self._loading:
                self._files = self._files or await asyncio.to_thread(self._load)
        except SlipwayError as problem:
            return web.json_response({"problem": f"{problem} ({problem.next_step})"})
        except OSError as problem:
            return web.json_response({"problem": str(problem)})
        return web.json_response({"token": self._token})

    async def _send_file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        kind = "text/javascript" if name.endswith(".mjs") else mimetypes.guess_type(name)[0]
        return web.Response(body=self._files[name], content_type=kind or "", charset="utf-8")

    def _permits(self, request: web.Request) -> bool:
        """Return whether a request may get a shell. The server has checked its host."""
        given = request.headers.get("Sec-WebSocket-Protocol", "").rpartition(",")[2].strip()
        return (
            request.headers.get("Origin") == f"http://{request.host}"
            and hmac.compare_digest(given.encode(errors="replace"), self._token.encode())
            and peer_account(request) == os.getuid()
        )

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        if not self._permits(request):
            raise web.HTTPForbidden
        try:
            size = _size(request.query.getall("size"))
        except (KeyError, ValueError) as problem:
            raise web.HTTPBadRequest from problem
        page = web.WebSocketResponse(
            protocols=(PROTOCOL,),
            heartbeat=HEARTBEAT_SECONDS,
            timeout=CLOSE_SECONDS,
            max_msg_size=LARGEST_INPUT,
            compress=False,
        )
        await page.prepare(request)
        shell = Shell(self._environment())
        await shell.start(size)
        self._shells.add(shell)
        unseen = asyncio.Semaphore(UNSEEN)
        tasks = [
            asyncio.create_task(_send_output(shell, page, unseen)),
            asyncio.create_task(_take_input(shell, page, unseen)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await shell.end()
            self._shells.discard(shell)
            for task in tasks:
                task.cancel()
        await asyncio.wait(tasks)
        # Not while input is awaited: aiohttp would end the connection before the page has answered, and the page
        # would see a lost one.
        await page.close()
        return page


def _size(words: Sequence[str]) -> tuple[int, int]:
    """Return rows and columns; raise ValueError when they are not valid."""
    rows, columns = map(int, words)
    if not (0 < rows <= LARGEST_SIZE and 0 < columns <= LARGEST_SIZE):
        raise ValueError
    return rows, columns


async def _send_output(
    shell: Shell, page: web.WebSocketResponse, unseen: asyncio.Semaphore
) -> None:
    with contextlib.suppress(ConnectionError):  # the page is gone
        while block := await shell.read():
            await unseen.acquire()
            await page.send_bytes(block)


async def _take_input(shell: Shell, page: web.WebSocketResponse, unseen: asyncio.Semaphore) -> None:
    async for message in page:
        if message.type is WSMsgType.BINARY:
            shell.write(message.data)
        elif message.data == SEEN:
            unseen.release()
        else:
            with contextlib.suppress(ValueError):
                shell.resize(_size(message.data.split()))


def peer_account(request: web.Request, table: Path = Path("/proc/net/tcp")) -> int | None:
    """Return the account whose process opened a connection on loopback; ``None`` when Linux does not tell.

    Other accounts of the machine can connect, too, and a token in an address would be visible in the list of
    processes when a browser is started.

    Args:
        request: A request over the connection.
        table: The connections of the machine, as Linux shows them.
    """
    if request.transport is None:
        return None
    ends = [request.transport.get_extra_info(name) for name in ("peername", "sockname")]
    wanted = [
        f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}"
        for host, port in ends
    ]
    with contextlib.suppress(OSError):
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1:3] == wanted:
                return int(fields[7])
    return None
