#!/usr/bin/python3
"""A service of two that can be observed: it logs JSON with the id of the request, and counts requests for scrapers.

NEXT is the service that it requests before it answers. WORK is the processor time of an answer in milliseconds.
FORMAT is json or text. CRASH ends the program immediately.
"""

import json
import os
import socket
import sys
import threading
import time
import urllib.request
import uuid
from datetime import UTC, datetime

import serving

NEXT = os.environ.get("NEXT")
WORK = float(os.environ.get("WORK", "0")) / 1000
TEXT = os.environ.get("FORMAT") == "text"
LINGER = 5
LOCK = threading.Lock()


def log(message, **fields):
    """Write one line immediately."""
    line = {"level": "info", "message": message, **fields}
    words = message + "".join(f" {name}={value}" for name, value in fields.items())
    with LOCK:
        print(words if TEXT else json.dumps(line), flush=True)


def work():
    """Use the processor, not the clock: on a busy machine it is the same work."""
    end = time.thread_time() + WORK
    while time.thread_time() < end:
        pass


class Handler(serving.Handler):
    """Answers every path, but for those of probes and scrapers, with the name of its pod."""

    content_type = "text/plain; version=0.0.4"
    requests = 0

    def do_GET(self):
        """Answer, log and count."""
        if self.path == "/healthz":
            self.answer("ok\n")
        elif self.path == "/metrics":
            kind = "# TYPE http_requests_total counter\n"
            self.answer(f"{kind}http_requests_total {Handler.requests}\n")
        else:
            self.serve()

    def serve(self):
        """Work, request the next service with the same id, and log the request."""
        arrived, began = datetime.now(UTC).isoformat(), time.monotonic()
        request = self.headers.get("X-Request-Id") or uuid.uuid4().hex
        work()
        if NEXT:
            asked = urllib.request.Request(NEXT + self.path, headers={"X-Request-Id": request})
            with urllib.request.urlopen(asked, timeout=10) as answer:
                answer.read()
        with LOCK:
            Handler.requests += 1
        milliseconds = round(1000 * (time.monotonic() - began), 1)
        log(
            f"answered {self.path}",
            began=arrived,
            request_id=request,
            path=self.path,
            milliseconds=milliseconds,
        )
        self.answer(f"{socket.gethostname()}\n")


def main():
    """Serve until SIGTERM."""
    if os.environ.get("CRASH"):
        log("no configuration", level="error")
        sys.exit(1)
    server = serving.Server(Handler, LINGER)
    log("started")
    server.run()


if __name__ == "__main__":
    main()
