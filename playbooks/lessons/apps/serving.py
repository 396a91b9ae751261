"""What apps in Python share: answers that tell their length, and a server that ends in good order.

The bootcamp does without it, for it is also run as one file, outside of its image.
"""

import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8080


class Handler(BaseHTTPRequestHandler):
    """Sends what an app answers."""

    content_type = "text/plain"

    def answer(self, text, status=200):
        """Send the text."""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", self.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: apps log what matters."""


class Server(ThreadingHTTPServer):
    """Holds many new connections in its queue, and serves until it is told to end.

    A pod that is told to end gets requests until every node knows; it answers them for ``linger`` seconds.
    """

    request_queue_size = 128
    daemon_threads = False

    def __init__(self, handler, linger):
        super().__init__(("", PORT), handler)
        signal.signal(signal.SIGTERM, lambda *_: threading.Timer(linger, self.shutdown).start())

    def run(self):
        """Serve to the end."""
        self.serve_forever()
        self.server_close()
