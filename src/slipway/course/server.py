"""Serve the course pages on loopback, with the state of the student's practice."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.typedefs import Handler

if TYPE_CHECKING:
    from slipway.course.terminals import Terminals

ADDRESS = "127.0.0.1"
# One reading of the lab serves all pages for this time.
FRESH_SECONDS = 1.5
# Time of requests that are being answered when the server ends.
END_SECONDS = 2
# Some browsers do not count a WebSocket of the same server as 'self'.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self' ws://{host}; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class State:
    """The state of the practice, read at most once in FRESH_SECONDS.

    Args:
        read: Reads it.
    """

    def __init__(self, read: Callable[[], dict[str, Any]]):
        self.read = read
        self.lock = asyncio.Lock()
        self.text = ""
        self.until = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        """Return the state as JSON."""
        async with self.lock:
            if time.monotonic() > self.until:
                state = await asyncio.to_thread(self.read)
                self.text = json.dumps(state, ensure_ascii=False)
                self.until = time.monotonic() + FRESH_SECONDS
            return web.json_response(text=self.text)


class PageServer:
    """A server of pages, which listens on loopback.

    Args:
        folder: Directory of the pages.
        read: Reads the state of the practice.
        port: Its port; a free one without any.
        terminals: The terminals of the pages, if they have any.
    """

    def __init__(
        self,
        folder: Path,
        read: Callable[[], dict[str, Any]],
        port: int = 0,
        terminals: Terminals | None = None,
    ):
        self._socket = socket.create_server((ADDRESS, port))
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{ADDRESS}:{self.port}"
        self._hosts = {f"{ADDRESS}:{self.port}", f"localhost:{self.port}"}
        self._start = folder / "index.html"
        self._app = web.Application(middlewares=[self._refuse_other_hosts])
        self._app.on_response_prepare.append(_forbid_other_sites)
        self._app.add_routes(
            [web.get("/", self._send_start), web.get("/state.json", State(read).answer)]
        )
        if terminals:
            self._app.add_routes(terminals.routes())
            self._app.on_shutdown.append(terminals.end)
        self._app.add_routes([web.static("/", folder)])

    def run(self) -> None:
        """Serve until ``stop`` is called."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    def stop(self) -> None:
        """End the server; threads and signal handlers may call this."""
        self._loop.call_soon_threadsafe(self._ended.set)

    async def _serve(self) -> None:
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=END_SECONDS)
        await runner.setup()
        try:
            await web.SockSite(runner, self._socket).start()
            await self._ended.wait()
        finally:
            await runner.cleanup()

    @web.middleware
    async def _refuse_other_hosts(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Refuse a request to another name: it comes from another site, whose name was given this address."""
        if request.host not in self._hosts:
            raise web.HTTPMisdirectedRequest
        return await handler(request)

    async def _send_start(self, request: web.Request) -> web.FileResponse:
        if not self._start.exists():
            raise web.HTTPNotFound
        return web.FileResponse(self._start)


async def _forbid_other_sites(request: web.Request, response: web.StreamResponse) -> None:
    """Forbid content of other sites, and use of the pages by them."""
    response.headers.update(
        {
            "Content-Security-Policy": POLICY.format(host=request.host),
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
    )
