#!/usr/bin/python3
"""The customers of the shop: they place orders all the time, and repeat an order that is not accepted.

``customers.py run`` places orders until it is stopped. ``customers.py report`` prints as JSON how many orders were
accepted and lost, and how many accepted orders the database does not have. The variables of libpq (PGHOST, PGUSER,
PGPASSWORD) select the database.
"""

import json
import sys
import threading
import time
import urllib.request
import uuid

NOTES = "/tmp/orders"  # one line for each order that has ended: verdict, id, time of the first try, time of the end
SHOP = "http://shop/order"
EVERY = 0.25
PAUSE = 0.5
# Customers that have waited this long go elsewhere.
PATIENCE = 60


def ordered(identifier):
    """Return whether the shop accepts an order."""
    request = urllib.request.Request(SHOP, headers={"X-Request-Id": identifier})
    try:
        with urllib.request.urlopen(request, timeout=6) as answer:
            return json.load(answer)["shop"] == "open"
    except (OSError, ValueError, KeyError):
        return False


def place(notes, lock):
    """Place an order, and record how it ended."""
    identifier, began = uuid.uuid4().hex, time.time()
    verdict = "lost"
    while time.time() - began < PATIENCE:
        if ordered(identifier):
            verdict = "accepted"
            break
        time.sleep(PAUSE)
    with lock:
        notes.write(f"{verdict} {identifier} {began:.3f} {time.time():.3f}\n")
        notes.flush()


def run():
    """Place an order each quarter of a second; a slow one holds up no other."""
    lock = threading.Lock()
    with open(NOTES, "w", encoding="ascii") as notes:
        while True:
            threading.Thread(target=place, args=(notes, lock), daemon=True).start()
            time.sleep(EVERY)


def series(lines):
    """Return the longest wait of the orders of each second."""
    start = min((float(line[2]) for line in lines), default=0)
    longest = {}
    for line in lines:
        second = int(float(line[2]) - start)
        longest[second] = max(longest.get(second, 0), round(float(line[3]) - float(line[2]), 2))
    return sorted(longest.items())


def report():
    """Print the numbers of accepted and lost orders, the longest wait, and the accepted orders without a row."""
    import psycopg2  # only the report needs a database

    with open(NOTES, encoding="ascii") as notes:
        lines = [line.split() for line in notes if line.endswith("\n")]
    accepted = {line[1]: float(line[3]) for line in lines if line[0] == "accepted"}
    result = {
        "accepted": len(accepted),
        "lost": sum(line[0] == "lost" for line in lines),
        "longest": round(max((float(line[3]) - float(line[2]) for line in lines), default=0), 1),
        "series": series(lines),
        "quiet": round(time.time() - max(accepted.values(), default=0), 1),
        "missing": None,
        "waiting": None,
    }
    try:
        cursor = psycopg2.connect(connect_timeout=2).cursor()
        cursor.execute("select request, done is null from orders")
        rows = dict(cursor.fetchall())
        result["missing"] = len(accepted.keys() - rows.keys())
        result["waiting"] = sum(rows.values())
    except psycopg2.Error as error:
        result["error"] = str(error).strip()
    print(json.dumps(result))


if __name__ == "__main__":
    {"run": run, "report": report}[sys.argv[1]]()
