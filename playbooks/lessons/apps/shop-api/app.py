#!/usr/bin/python3
"""The API of the shop: stores orders in PostgreSQL, with the id of their request.

The argument is the version. The variables of libpq (PGHOST, PGUSER, PGPASSWORD) select the database.
"""

import json
import platform
import socket
import sys
import threading

import psycopg2
import serving

VERSION = sys.argv[1]
SELF = {"api": VERSION, "language": f"python {platform.python_version()}"}
LINGER = 5
PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 2000}
TABLE = """create table if not exists orders
    (number serial primary key, request text unique, done timestamptz, worker text)"""


class Database:
    """One connection, used by one request at a time, and reopened after an error."""

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
    """Return the numbers of waiting and completed orders."""
    waiting, done = DATABASE.ask("select count(*) - count(done), count(done) from orders")[0]
    return {"waiting": waiting, "done": done, **SELF}


class Handler(serving.Handler):
    """Answers in JSON; 503 when the database does not answer."""

    content_type = "application/json"

    def do_GET(self):
        """Answer and log."""
        if self.path == "/healthz":
            self.tell(SELF)
            return
        act = {"/order": take, "/orders": count}.get(self.path)
        if act is None:
            self.tell(SELF, 404)
            return
        request = self.headers.get("X-Request-Id", "none")
        try:
            self.tell(act(request))
            print(f"request={request} path={self.path} answered", flush=True)
        except psycopg2.Error as error:
            self.tell(SELF, 503)
            print(f"request={request} path={self.path} failed: {str(error).strip()}", flush=True)

    def tell(self, content, status=200):
        """Send the content."""
        self.answer(json.dumps(content), status)


def main():
    """Serve until SIGTERM."""
    server = serving.Server(Handler, LINGER)
    print(f"api {VERSION} serves on {socket.gethostname()}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
