"""The lock of a lab, and the processes of a run."""

import json
import os
import subprocess
import sys
import time

import pytest

from slipway.lab import processes
from slipway.lab.lock import LabBusyError, LabLock, holder_of
from slipway.run.playbook_runner import end_run, sockets


def test_the_second_run_learns_who_holds_the_lab(tmp_path):
    with LabLock(tmp_path, "demo", "slipway up"):
        with pytest.raises(LabBusyError) as busy, LabLock(tmp_path, "demo", "slipway down"):
            pass
        text = str(busy.value)
        assert 'lab "demo"' in text
        assert f"process {os.getpid()}" in text
        assert "slipway up" in text
        assert holder_of(tmp_path)[1] is True
    assert holder_of(tmp_path) == (None, False)


def test_a_released_lock_leaves_nobody(tmp_path):
    with LabLock(tmp_path, "demo", "slipway up"):
        pass
    with LabLock(tmp_path, "demo", "slipway up") as lock:
        assert lock.dead is None


def test_a_dead_holder_is_known_to_the_next(tmp_path):
    holder = {"pid": 1, "user": "u", "command": "slipway up", "since": 0.0, "run": "abc"}
    (tmp_path / "lock").write_text(json.dumps(holder))
    assert holder_of(tmp_path)[0].run == "abc"
    assert holder_of(tmp_path)[1] is False
    with LabLock(tmp_path, "demo", "slipway up") as lock:
        assert lock.dead.run == "abc"


def test_a_spoilt_lock_file_does_not_hurt(tmp_path):
    (tmp_path / "lock").write_text('{"pid": 1')
    with LabLock(tmp_path, "demo", "slipway up") as lock:
        assert lock.dead is None


def test_the_state_directory_is_for_its_owner_only(tmp_path):
    with LabLock(tmp_path / "state", "demo", "slipway up"):
        assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "state/lock").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def marked():
    """A process that ignores polite signals, and its child in a session of its own."""
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


def test_connections_that_ssh_keeps_open_end_with_their_run(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    asked = tmp_path / "asked"
    fake = tmp_path / "bin/ssh"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >{asked}\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
    sockets("run-of-a-test").mkdir()
    (sockets("run-of-a-test") / "abc").touch()
    assert end_run("run-of-a-test") == 0
    assert asked.read_text() == f"-S {sockets('run-of-a-test')}/abc -O exit any\n"
    assert not sockets("run-of-a-test").exists()
