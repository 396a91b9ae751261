"""Serve the course pages on loopback, with the state of the student's practice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ADDRESS = "127.0.0.1"
# One reading of the lab serves all pages for this time.
FRESH_SECONDS = 1.5
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:"
)


class State:
    """The state of the practice, read at most once in FRESH_SECONDS.

    Args:
        read: Reads it.
    """

    def __init__(self, read: Callable[[], dict[str, Any]]):
        self.read = read
        self.lock = threading.Lock()
        self.text = b""
        self.until = 0.0

    def get(self) -> bytes:
        """Return the state as JSON."""
        with self.lock:
            if time.monotonic() > self.until:
                self.text = json.dumps(self.read(), ensure_ascii=False).encode()
                self.until = time.monotonic() + FRESH_SECONDS
            return self.text


class Handler(SimpleHTTPRequestHandler):
    """Answers requests for pages and for the state.

    Args:
        state: The state of the practice.
        names: Host names of the server. A request to another name comes from another site.
    """

    def __init__(self, *words: Any, state: State, names: set[str], **named: Any):
        self.state = state
        self.names = names
        super().__init__(*words, **named)

    def do_GET(self) -> None:
        """Answer a request, if its host is this server."""
        if self.headers.get("Host") not in self.names:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif self.path == "/state.json":
            self._send_state()
        else:
            super().do_GET()

    do_HEAD = do_GET

    def end_headers(self) -> None:
        """Forbid content of other sites."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """Refuse to list a directory."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *words: Any) -> None:
        """Write no log: the terminal belongs to the student."""

    def _send_state(self) -> None:
        text = self.state.get()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def create_server(
    folder: Path, read: Callable[[], dict[str, Any]], port: int = 0
) -> ThreadingHTTPServer:
    """Return a server of the pages, which listens on loopback.

    Args:
        folder: Directory of the pages.
        read: Reads the state of the practice.
        port: Its port; a free one without any.
    """
    names: set[str] = set()
    handler = partial(Handler, state=State(read), names=names, directory=str(folder))
    server = ThreadingHTTPServer((ADDRESS, port), handler)
    server.daemon_threads = True
    chosen = server.server_address[1]
    names.update({f"{ADDRESS}:{chosen}", f"localhost:{chosen}"})
    return server
