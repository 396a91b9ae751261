#!/usr/bin/env python3
"""Measure how long a check takes when all students of a class check at the same time, on the machine of the lab.

Needs a lab that is up. It makes the class ``bench`` and removes it. Each student has started the lesson tutorial and
deployed its first app. A check is ``slipway lesson check`` from its start to its end, a process for each student.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import record

ROOT = Path(__file__).resolve().parent.parent
NAME = "bench"
GOAL = 5.0


class Lab:
    """The command on the lab, and on the places of the students, which are in a directory of their own."""

    def __init__(self, places: Path):
        self.places = places

    def run(self, *words: str, student: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command, as the teacher or as a student."""
        own = {"XDG_STATE_HOME": str(self.places), "SLIPWAY_LAB": f"{NAME}-{student}"}
        return subprocess.run(
            [ROOT / "slipway", *words],
            env={**os.environ, **(own if student else {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *words: str, student: str = "") -> str:
        """Run a command that has to succeed; return its output."""
        done = self.run(*words, student=student)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stderr[-2000:]}")
        return done.stdout


@contextmanager
def classroom(lab: Lab, number: int) -> Iterator[list[str]]:
    """Make the class; yield its students, who have deployed the first app of the tutorial."""
    words = ("--students", str(number), "--lessons", "tutorial", "--json")
    made = json.loads(lab.must("class", "create", NAME, *words))
    students = [one["student"] for one in made["students"]]

    def begin(student: str) -> None:
        lab.must("class", "join", f"{made['directory']}/{student}.json", student=student)
        lab.must("lesson", "start", "tutorial", student=student)
        lab.must("lesson", "solve", student=student)

    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(begin, students))
        yield students
    finally:
        lab.must("class", "delete", NAME)


def check_together(lab: Lab, students: list[str]) -> list[float]:
    """Let all students check at the same time; return the seconds of each."""
    ready = threading.Barrier(len(students))

    def check(student: str) -> float:
        ready.wait()
        began = time.monotonic()
        lab.must("lesson", "check", student=student)
        return time.monotonic() - began

    with ThreadPoolExecutor(len(students)) as pool:
        return list(pool.map(check, students))


def percentile(values: list[float], share: float) -> float:
    """Return the value that a share of the values does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def main() -> int:
    """Measure and print; 1 when the goal is missed and that counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--strict", action="store_true", help="exit with 1 when the goal is missed")
    parser.add_argument("--record", action="store_true", help="write benchmarks/results/class.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="slipway-class-") as places:
        lab = Lab(Path(places))
        with classroom(lab, options.students) as students:
            alone = check_together(lab, students[:1])[0]
            before = os.getloadavg()[0]
            seconds = [one for _ in range(options.rounds) for one in check_together(lab, students)]
    measured = percentile(seconds, 0.95)
    rows = [
        ["one student alone", f"{alone:.2f}", ""],
        [f"{options.students} students together, median", f"{percentile(seconds, 0.5):.2f}", ""],
        [f"{options.students} students together, 95th percentile", f"{measured:.2f}", f"{GOAL:g}"],
        [f"{options.students} students together, slowest", f"{max(seconds):.2f}", ""],
    ]
    print(f"{len(seconds)} checks; load before {before:.1f}, after {os.getloadavg()[0]:.1f}")
    for what, value, goal in rows:
        print(f"{what:48}{value:>8}{goal and f'   goal {goal}'}")
    if options.record:
        record.write("class", ["a check of", "seconds", "goal (at most)"], rows)
    return int(options.strict and measured > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
