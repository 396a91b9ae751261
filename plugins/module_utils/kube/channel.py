"""The streams of a command in a container, over one websocket."""

from __future__ import annotations

import selectors
import ssl
from collections.abc import Iterator
from itertools import chain
from typing import Any

try:
    from websocket import ABNF, WebSocketException
except ImportError:
    # kube/exec.py makes the websocket, and reports the missing library
    ABNF = WebSocketException = None

STDIN, STDOUT, STDERR, ERROR, CLOSE = 0, 1, 2, 3, 255
PIECE = 1 << 16
WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Channel:
    """The input that is still to be sent to a command, and the output that has arrived.

    A command may write much before it reads, and may end before it has read all, so neither direction waits for the
    other. One thread does both, because two of them must not use one TLS connection.

    ``streams`` is what has arrived, ``is_cut`` whether some of it exceeds the limit and is dropped.

    Args:
        websocket: The connection, after its handshake.
        limit: The greatest number of bytes of a stream that are kept.
    """

    def __init__(self, websocket: Any, limit: int):
        self._websocket = websocket
        self._limit = limit
        self._input: Iterator[bytes] = iter(())
        self._outgoing = bytearray()
        self._stream: int | None = None
        self.streams = {number: bytearray() for number in (STDOUT, STDERR, ERROR)}
        self.is_cut = False
        self.is_open = True
        websocket.sock.setblocking(False)

    def write_input(self, data: bytes) -> None:
        """Send the whole standard input, and its end, in the next exchanges."""
        pieces = (data[start : start + PIECE] for start in range(0, len(data), PIECE))
        self._input = chain((bytes([STDIN]) + one for one in pieces), [bytes([CLOSE, STDIN])])

    def exchange(self, seconds: float) -> None:
        """Take and send a piece, or wait until one of them is possible, but not longer than this."""
        has_taken, has_sent = self._take(), self._send()
        if not has_taken and not has_sent:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outgoing else 0)
            with selectors.DefaultSelector() as selector:
                selector.register(self._websocket.sock, events)
                selector.select(seconds)

    def close(self) -> None:
        """Close the connection, whatever waits in it."""
        self._websocket.shutdown()

    def _queue(self, data: bytes, kind: int | None = None) -> None:
        self._outgoing += ABNF.create_frame(data, kind or ABNF.OPCODE_BINARY).format()

    def _send(self) -> bool:
        if not self.is_open:
            return False
        if not self._outgoing:
            payload = next(self._input, None)
            if payload is None:
                return False
            self._queue(payload)
        try:
            sent = self._websocket.sock.send(self._outgoing[:PIECE])
        except WOULD_BLOCK:
            return False
        except OSError:
            # the command has ended, or does not read the rest; what it wrote can still arrive
            self._outgoing.clear()
            self._input = iter(())
        else:
            del self._outgoing[:sent]
        return True

    def _take(self) -> bool:
        try:
            # keeps a part of a frame until the rest arrives
            frame = self._websocket.recv_frame()
        except WOULD_BLOCK:
            return False
        except (WebSocketException, OSError):
            self.is_open = False
            return True
        if frame.opcode == ABNF.OPCODE_CLOSE:
            self.is_open = False
        elif frame.opcode == ABNF.OPCODE_PING:
            self._queue(frame.data, ABNF.OPCODE_PONG)
        elif frame.opcode != ABNF.OPCODE_PONG:
            self._keep(frame.data, frame.opcode == ABNF.OPCODE_CONT)
        return True

    def _keep(self, data: bytes, continues: bool) -> None:
        """Keep the data of a frame. Its first byte is the stream, unless it continues the frame before it."""
        if not continues:
            self._stream, data = (data[0] if data else None), data[1:]
        stream = self.streams.get(self._stream)
        if stream is not None:
            room = self._limit - len(stream)
            stream += data[:room]
            self.is_cut |= len(data) > room
