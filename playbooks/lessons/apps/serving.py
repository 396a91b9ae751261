"""Shared code of the Python apps: answers with their length, and a server that shuts down in order.

The bootcamp app does not use it, because it also runs as a single file, outside of its image.
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
        """Leave the log to the apps."""


class Server(ThreadingHTTPServer):
    """Accepts many connections, and serves until SIGTERM.

    A terminating pod answers for ``linger`` more seconds, because nodes send requests until they have removed its
    address.
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
