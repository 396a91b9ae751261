#!/usr/bin/python3
"""The api of the shop: takes orders into PostgreSQL, under the id of the request that they came with.

Takes its version as argument; libpq's variables (PGHOST, PGUSER, PGPASSWORD) say which database.
"""

import json
import platform
import signal
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

VERSION = sys.argv[1]
SELF = {"api": VERSION, "language": f"python {platform.python_version()}"}
# A pod that is told to end gets requests until every node knows; it answers them.
LINGER = 5
PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 2000}
TABLE = """create table if not exists orders
    (number serial primary key, request text unique, done timestamptz, worker text)"""


class Database:
    """One connection, used by one request at a time, made again when it broke."""

    def __init__(self):
        self.lock = threading.Lock()
        self.connection = None

    def ask(self, statement, *values):
        """Return the rows that a statement gives; each is a transaction of its own."""
        with self.lock:
            try:
                if self.connection is None:
                    self.connection = psycopg2.connect(**PATIENCE)
                    self.connection.autocommit = True
                    self.connection.cursor().execute(TABLE)
                cursor = self.connection.cursor()
                cursor.execute(statement, values)
                return cursor.fetchall()
            except psycopg2.Error:
                self.connection = None
                raise


DATABASE = Database()


def take(request):
    """Take an order; one that comes twice under the same id is one."""
    DATABASE.ask(
        "insert into orders (request) values (%s) on conflict do nothing returning number", request
    )
    return {"order": request, **SELF}


def count(_):
    """Tell how many orders wait, and how many are done."""
    waiting, done = DATABASE.ask("select count(*) - count(done), count(done) from orders")[0]
    return {"waiting": waiting, "done": done, **SELF}


class Handler(BaseHTTPRequestHandler):
    """Answers in JSON; 503 when the database does not answer."""

    def do_GET(self):
        """Answer and log."""
        if self.path == "/healthz":
            self.answer(200, SELF)
            return
        act = {"/order": take, "/orders": count}.get(self.path)
        if act is None:
            self.answer(404, SELF)
            return
        request = self.headers.get("X-Request-Id", "none")
        try:
            self.answer(200, act(request))
            print(f"request={request} path={self.path} answered", flush=True)
        except psycopg2.Error as error:
            self.answer(503, SELF)
            print(f"request={request} path={self.path} failed: {str(error).strip()}", flush=True)

    def answer(self, status, content):
        """Send the content."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: do_GET logs."""


class Server(ThreadingHTTPServer):
    """Holds many new connections in its queue."""

    request_queue_size = 128
    daemon_threads = False


def main():
    """Serve until told to end."""
    server = Server(("", 8080), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Timer(LINGER, server.shutdown).start())
    print(f"api {VERSION} serves on {socket.gethostname()}", flush=True)
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
