"""Tests of ``slipway.lab.processes``."""

import os
import subprocess
import sys
import time

import pytest

from slipway.lab import processes


@pytest.fixture
def marked():
    """Start a process that ignores SIGINT and SIGTERM, with a child in a session of its own."""
    run = f"test-{os.getpid()}-{time.monotonic_ns()}"
    code = (
        "import signal, subprocess, sys, time\n"
        "for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        "print('ready', flush=True)\n"
        "time.sleep(300)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, processes.RUN_VARIABLE: run},
        stdout=subprocess.PIPE,
    )
    process.stdout.readline()
    yield run, process
    process.kill()
    process.wait()


def test_all_processes_of_a_run_are_found_and_ended(marked):
    run, process = marked
    end = time.monotonic() + 5  # the child starts a process of its own
    while len(processes.of_run(run)) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert len(processes.of_run(run)) == 2
    assert processes.parent(process.pid) == os.getpid()
    assert processes.end_run(run, first=[process.pid], patience=0.3) == 2
    process.wait(timeout=10)
    assert processes.of_run(run) == []


def test_daemons_are_not_part_of_a_run(tmp_path):
    for pid, name in ((10, "dockerd"), (11, "containerd-shim"), (12, "go")):
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "environ").write_bytes(b"A=1\0SLIPWAY_RUN=r1\0")
        (folder / "comm").write_text(name + "\n")
    assert processes.of_run("r1", proc=tmp_path) == [12]
    assert processes.of_run("r", proc=tmp_path) == []
