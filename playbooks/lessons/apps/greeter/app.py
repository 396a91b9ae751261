#!/usr/bin/python3
"""Greets as its configuration says: a file, read again when it changes, and its environment, which it has for life."""

import os
import signal
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORT = 8080
FILE = Path(sys.argv[1])
BORN = uuid.uuid4().hex[:8]
# A pod that is told to end gets requests until every node knows; it answers them.
LINGER = 12


class Configuration:
    """The file's content, kept until the file is another one."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = None
        self.text = ""

    def read(self):
        """Return what the file says now. Its directory is exchanged as a whole, so it is never half-written."""
        with self.lock:
            now = FILE.stat().st_mtime_ns
            if now != self.seen:
                self.seen, self.text = now, FILE.read_text().strip()
                print(f"read {FILE}: {self.text}", flush=True)
            return self.text


class Handler(BaseHTTPRequestHandler):
    """Answers every path."""

    configuration = Configuration()

    def do_GET(self):
        """Greet."""
        body = f"file={self.configuration.read()} env={os.environ.get('GREETING', '')} born={BORN}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: only what changes is logged."""


class Server(ThreadingHTTPServer):
    """Holds many new connections in its queue."""

    request_queue_size = 128
    daemon_threads = False


def main():
    """Serve until told to end."""
    server = Server(("", PORT), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Timer(LINGER, server.shutdown).start())
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
