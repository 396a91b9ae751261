#!/usr/bin/env python3
"""Measure how long a check takes when all students of a class check at the same time, on the machine of the lab.

Needs a lab that is up. It makes the class ``bench`` and removes it. Each student starts the lesson tutorial. First, all
check before they did the first task, and then after it. A check is ``slipway lesson check`` from its start to its end,
a process for each student. A check that is not passed looks again until three seconds are over.
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
    """Make the class; yield its students, who have started the lesson."""
    words = ("--students", str(number), "--lessons", "tutorial", "--json")
    made = json.loads(lab.must("class", "create", NAME, *words))
    students = [one["student"] for one in made["students"]]

    def begin(student: str) -> None:
        lab.must("class", "join", f"{made['directory']}/{student}.json", student=student)
        lab.must("lesson", "start", "tutorial", student=student)

    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(begin, students))
        yield students
    finally:
        lab.must("class", "delete", NAME)


def check_together(lab: Lab, students: list[str], passed: bool) -> list[float]:
    """Let all students check at the same time; return the seconds of each.

    Args:
        lab: The lab.
        students: The students.
        passed: Whether they have done the task.
    """
    ready = threading.Barrier(len(students))

    def check(student: str) -> float:
        ready.wait()
        began = time.monotonic()
        code = lab.run("lesson", "check", student=student).returncode
        seconds = time.monotonic() - began
        if code != (0 if passed else 1):
            raise SystemExit(f"the check of {student} ended with {code}")
        return seconds

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
            before = os.getloadavg()[0]
            rows = measure(lab, students, options.rounds, passed=False)
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(lambda one: lab.must("lesson", "solve", student=one), students))
            rows += measure(lab, students, options.rounds, passed=True)
            rows.append(["memory of the lab with the class, GiB", f"{memory(lab):.1f}", ""])
    print(f"load before {before:.1f}, after {os.getloadavg()[0]:.1f}")
    for what, value, goal in rows:
        print(f"{what:64}{value:>8}{goal and f'   goal {goal}'}")
    if options.record:
        record.write("class", ["what", "measured", "goal (at most)"], rows)
    return int(options.strict and any(goal and float(value) > GOAL for _, value, goal in rows))


def measure(lab: Lab, students: list[str], rounds: int, passed: bool) -> list[list[str]]:
    """Return the rows about checks of one student and of all."""
    what = f"check of {'a task that is done' if passed else 'a task that is not done'}, s"
    alone = check_together(lab, students[:1], passed)[0]
    seconds = [one for _ in range(rounds) for one in check_together(lab, students, passed)]
    together = f"{what}: {len(students)} students together"
    return [
        [f"{what}: one student", f"{alone:.2f}", ""],
        [f"{together}, median", f"{percentile(seconds, 0.5):.2f}", ""],
        [f"{together}, 95th percentile", f"{percentile(seconds, 0.95):.2f}", f"{GOAL:g}"],
    ]


def memory(lab: Lab) -> float:
    """Return the memory of the lab, in GiB."""
    name = os.environ.get("SLIPWAY_LAB", "default")
    labs = json.loads(lab.must("list", "--json"))["labs"]
    return next(one["memory"] for one in labs if one["name"] == name) / 2**30


if __name__ == "__main__":
    raise SystemExit(main())
