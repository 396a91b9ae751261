#!/usr/bin/python3
"""The worker of the shop: completes the waiting orders in PostgreSQL one at a time, next to other workers.

The argument is the version. The variables of libpq (PGHOST, PGUSER, PGPASSWORD) select the database.
"""

import signal
import socket
import sys
import threading

import psycopg2

VERSION = sys.argv[1]
WORKER = f"{socket.gethostname()} v{VERSION}"
PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 2000}
# Skips an order that another worker has locked.
NEXT = """update orders set done = now(), worker = %s where number =
    (select number from orders where done is null order by number for update skip locked limit 1)
    returning request"""
IDLE = 0.2


def main():
    """Complete orders until SIGTERM, including the current one."""
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    print(f"worker {VERSION} works on {socket.gethostname()}", flush=True)
    cursor = None
    while not end.is_set():
        try:
            if cursor is None:
                connection = psycopg2.connect(**PATIENCE)
                connection.autocommit = True
                cursor = connection.cursor()
            cursor.execute(NEXT, (WORKER,))
            row = cursor.fetchone()
        except psycopg2.Error as error:
            print(f"the database does not answer: {str(error).strip()}", flush=True)
            cursor = None
            end.wait(1)
            continue
        if row:
            print(f"request={row[0]} done", flush=True)
        else:
            end.wait(IDLE)


if __name__ == "__main__":
    main()
