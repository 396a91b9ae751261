#!/usr/bin/python3
"""Writes rows into PostgreSQL as fast as it answers, and records each acknowledged row.

``app.py run PHASE`` writes until it is stopped. ``app.py compare`` prints as JSON which of the recorded rows the
database contains. The variables of libpq (PGHOST, PGUSER, PGPASSWORD) select the database.
"""

import json
import sys
import threading
import time

import psycopg2

NOTES = "/tmp/acknowledged"  # one line for each: time, phase, id
WRITERS = 4
# A server that has disappeared closes no connection, so limit the wait.
PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 2000}
TABLE = "create table if not exists acknowledged (phase text, id bigint, primary key (phase, id))"


def connect():
    """Return a new connection on which every statement is a transaction of its own."""
    connection = psycopg2.connect(**PATIENCE)
    connection.autocommit = True
    return connection


def write(phase, number, notes, lock):
    """Write the rows ``number``, ``number + WRITERS``, ... for ever; a row that failed is not tried again."""
    identifier, cursor = number, None
    while True:
        identifier += WRITERS
        try:
            if cursor is None:
                cursor = connect().cursor()
                cursor.execute(TABLE)
            cursor.execute("insert into acknowledged values (%s, %s)", (phase, identifier))
        except psycopg2.Error as error:
            print(f"row {identifier}: {str(error).strip()}", flush=True)
            cursor = None
            time.sleep(0.1)
            continue
        with lock:
            notes.write(f"{time.time():.3f} {phase} {identifier}\n")
            notes.flush()


def run(phase):
    """Write on several connections."""
    lock = threading.Lock()
    with open(NOTES, "w", encoding="ascii") as notes:
        for number in range(WRITERS):
            arguments = (phase, number, notes, lock)
            threading.Thread(target=write, args=arguments, daemon=True).start()
        threading.Event().wait()


def compare():
    """Print the acknowledged rows that exist, the longest gap, and the number of rows per second."""
    with open(NOTES, encoding="ascii") as notes:
        lines = [line.split() for line in notes.read().splitlines()]
    phase = lines[0][1]
    times = sorted(float(line[0]) for line in lines)
    acknowledged = {int(line[2]) for line in lines}
    cursor = connect().cursor()
    cursor.execute(TABLE)
    cursor.execute("select id from acknowledged where phase = %s", (phase,))
    found = {row[0] for row in cursor}
    lost = sorted(acknowledged - found)
    per_second = {}
    for moment in times:
        second = int(moment - times[0])
        per_second[second] = per_second.get(second, 0) + 1
    result = {
        "acknowledged": len(acknowledged),
        "lost": len(lost),
        "first_lost": lost[:5],
        "began": times[0],
        "last": times[-1],
        "gap": round(max(b - a for a, b in zip(times, times[1:], strict=False)), 3),
        "series": [
            [second, per_second.get(second, 0)] for second in range(int(times[-1] - times[0]) + 1)
        ],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    if sys.argv[1] == "run":
        run(sys.argv[2])
    else:
        compare()
