#!/usr/bin/python3
"""The app of Kubernetes Basics, which takes its version as argument and answers as the original does."""

import os
import signal
import socket
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8080
HOST = socket.gethostname()
VERSION = sys.argv[1]
STARTED = time.monotonic()
# Seconds for which a terminating pod answers, because nodes send requests until they have removed its address.
LINGER = float(os.environ.get("LINGER", "5"))


class Handler(BaseHTTPRequestHandler):
    """Answers every path with the same line, but for the one that probes ask."""

    requests = 0

    def do_GET(self):
        """Answer and log."""
        if self.path == "/healthz":
            self.answer("ok\n")
            return
        Handler.requests += 1
        self.answer(f"Hello Kubernetes bootcamp! | Running on: {HOST} | v={VERSION}\n")
        uptime = f"App Uptime: {time.monotonic() - STARTED:.3f} seconds | Log Time: {now()}"
        say(f"Running On: {HOST} | Total Requests: {Handler.requests} | {uptime}")

    def answer(self, text):
        """Send the text."""
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Leave the log to do_GET."""


def now():
    """Return the time as text."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def say(text):
    """Log a line immediately."""
    print(text, flush=True)


class Server(ThreadingHTTPServer):
    """Holds many new connections in its queue."""

    request_queue_size = 128
    daemon_threads = False


def main():
    """Serve until SIGTERM."""
    server = Server(("", PORT), Handler)

    def end(*_):
        if not LINGER:
            os._exit(0)
        threading.Timer(LINGER, server.shutdown).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGUSR1, lambda *_: os._exit(1))  # a crash, for those who want to see one
    say(f"Kubernetes Bootcamp App Started At: {now()} | Running On: {HOST}")
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
