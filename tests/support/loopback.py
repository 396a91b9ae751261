"""A server of a test on loopback, in this process: a free port, with TLS or without, closed immediately."""

from __future__ import annotations

import ssl
import threading
from http.server import ThreadingHTTPServer
from socketserver import BaseRequestHandler

# The server looks this often whether it shall end. With the default of half a second, teardowns took longer than tests.
POLL_SECONDS = 0.01


class LoopbackServer(ThreadingHTTPServer):
    """Serves from its making on; ``host`` is its address with the port, ``url`` the same with the scheme."""

    def __init__(self, handler: type[BaseRequestHandler], tls: ssl.SSLContext | None = None):
        super().__init__(("127.0.0.1", 0), handler)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.host = f"127.0.0.1:{self.server_port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}"
        threading.Thread(target=self.serve_forever, args=(POLL_SECONDS,), daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop it, and give the port back."""
        self.shutdown()
        self.server_close()
