"""A proxy before a real API server that can refuse, cut or lose single requests."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import urlsplit

from support.loopback import LoopbackServer

DROPPED = ("connection", "transfer-encoding", "content-length", "keep-alive", "host")


class Seen(NamedTuple):
    """A request that arrived at the proxy."""

    time: float
    method: str
    path: str


class Answer(NamedTuple):
    """An answer of the proxy instead of the server."""

    status: int
    message: str = "injected"
    headers: dict = {}


NOT_RECEIVED = "not received"


def answer_lost() -> None:
    """Let the server carry a request out without an answer: a fault that does nothing else."""


class RealProxy:
    """Passes requests on as administrator. Use as a context manager.

    Args:
        server: The RealApiServer.

    ``seen`` lists the requests. ``fault`` may decide about a request by its method, path and number: an Answer,
    NOT_RECEIVED (the connection breaks), or a function that is called when the server has carried the request out. The
    connection breaks then. With None, the request passes.
    """

    def __init__(self, server):
        self._server = server
        self.seen: list[Seen] = []
        self.fault: Callable[[str, str, int], Answer | Callable | str | None] = _no_fault

    def __enter__(self) -> RealProxy:
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._listener = LoopbackServer(handler)
        self.url = self._listener.url
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def connection(self) -> http.client.HTTPSConnection:
        """Return a new connection to the server."""
        target = urlsplit(self._server.url)
        return http.client.HTTPSConnection(
            target.hostname, target.port, timeout=60, context=self._server.tls
        )


def _no_fault(method: str, path: str, number: int) -> None:
    """Let every request pass."""


class _Handler(BaseHTTPRequestHandler):
    proxy: RealProxy
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _serve(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.proxy.seen.append(Seen(time.monotonic(), self.command, self.path))
        fault = self.proxy.fault(self.command, self.path, len(self.proxy.seen))
        if fault == NOT_RECEIVED:
            return
        if isinstance(fault, Answer):
            self._refuse(fault)
            return
        connection = self.proxy.connection()
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in DROPPED}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            if fault:
                answer.read()
                fault()
            else:
                self._pass_on(answer)
        except OSError:  # the module has closed a watch
            return
        finally:
            connection.close()

    def _refuse(self, fault: Answer) -> None:
        status = {"kind": "Status", "message": fault.message, "code": fault.status}
        data = json.dumps(status).encode()
        self.send_response(fault.status)
        for name, value in {**fault.headers, "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _pass_on(self, answer: http.client.HTTPResponse) -> None:
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in DROPPED:
                self.send_header(name, value)
        # as the server does, so that each event of a watch arrives by itself
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        while part := answer.read1(65536):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve
