"""A server that runs a command over a websocket, as a kubelet does, on loopback."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

from support.loopback import LoopbackServer

BINARY, CLOSE, PING, PONG = 2, 8, 9, 10
STDIN, STDOUT, STDERR, ERROR = 0, 1, 2, 3
SUCCESS = {"status": "Success"}


class Command:
    """The side of the container of one websocket."""

    def __init__(self, connection, reader):
        self.connection = connection
        self._reader = reader

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """Yield the type and the content of each frame that the client sent, until it closes its end."""
        while len(head := self._reader.read(2)) == 2:
            length = head[1] & 0x7F
            if length == 126:
                length = struct.unpack("!H", self._reader.read(2))[0]
            elif length == 127:
                length = struct.unpack("!Q", self._reader.read(8))[0]
            mask, data = self._reader.read(4), self._reader.read(length)
            key = (mask * (length // 4 + 1))[:length]
            number = int.from_bytes(data, "big") ^ int.from_bytes(key, "big")
            yield head[0] & 0x0F, number.to_bytes(length, "big")

    def read_input(self) -> bytes:
        """Return the standard input, when the client has closed it."""
        found = []
        for _, data in self.frames():
            if data == bytes([255, STDIN]):
                break
            assert data[0] == STDIN
            found.append(data[1:])
        return b"".join(found)

    def send(self, kind: int, data: bytes, is_last: bool = True) -> None:
        """Send a frame."""
        size = len(data)
        length = bytes([size]) if size < 126 else bytes([127]) + struct.pack("!Q", size)
        self.connection.sendall(bytes([kind | (0x80 if is_last else 0)]) + length + data)

    def write(self, stream: int, data: bytes) -> None:
        """Write to a stream of the command."""
        self.send(BINARY, bytes([stream]) + data)

    def end(self, status: dict | None = None) -> None:
        """End the command: its status, and the end of the connection."""
        self.write(ERROR, json.dumps(status or SUCCESS).encode())
        self.send(CLOSE, b"")


def serve_command(
    run: Callable[[Command], None],
    subprotocol: str = "v5.channel.k8s.io",
    tls: ssl.SSLContext | None = None,
    pause: float = 0.0,
) -> LoopbackServer:
    """Serve a command.

    Args:
        run: What the command does.
        subprotocol: What the server chooses.
        tls: How it encrypts the connection, if it does.
        pause: How many seconds pass before it answers.

    Returns:
        The server. Its ``asked`` is the path of the last request.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Quiet."""

        def do_GET(self):
            self.server.asked = self.path
            time.sleep(pause)
            key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
            accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", accept)
            self.send_header("Sec-WebSocket-Protocol", subprotocol)
            self.end_headers()
            self.close_connection = True
            # the client may have closed the connection
            with contextlib.suppress(OSError):
                run(Command(self.connection, self.rfile))

    return LoopbackServer(Handler, tls)


def client_of(server: LoopbackServer, **options: str) -> SimpleNamespace:
    """Return a client of the server with options of AUTH_OPTIONS, as far as commands need it."""
    from ansible_collections.slipway.lab.plugins.module_utils.kube.transport import Transport

    return SimpleNamespace(transport=Transport({"host": server.url, **options}, patience=1))
