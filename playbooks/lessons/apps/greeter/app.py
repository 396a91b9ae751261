#!/usr/bin/python3
"""Greets as its configuration says: a file, read again when it changes, and its environment, which it has for life."""

import os
import sys
import threading
import uuid
from pathlib import Path

import serving

FILE = Path(sys.argv[1])
BORN = uuid.uuid4().hex[:8]
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


class Handler(serving.Handler):
    """Answers every path."""

    configuration = Configuration()

    def do_GET(self):
        """Greet."""
        self.answer(
            f"file={self.configuration.read()} env={os.environ.get('GREETING', '')} born={BORN}\n"
        )


def main():
    """Serve until SIGTERM."""
    serving.Server(Handler, LINGER).run()


if __name__ == "__main__":
    main()
