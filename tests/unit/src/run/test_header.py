"""Tests of ``slipway.run.header``."""

import subprocess
import sys
import time

import pytest

from slipway.lab import processes
from slipway.lab.lock import Holder, LabLock
from slipway.run.header import print_header
from support.displayed_run import make_console, text_of


@pytest.fixture
def lock(tmp_path):
    return LabLock(tmp_path, "demo", "slipway up")


def test_the_command_and_its_log_are_printed(lock, tmp_path):
    console = make_console()
    print_header(console, "up", lock, "ansible-playbook x", tmp_path / "x.log")
    assert 'lab "demo"' in text_of(console)
    assert " ansible-playbook x\n" in text_of(console)
    assert "x.log" in text_of(console)
    assert "cut off" not in text_of(console)


def test_processes_of_a_killed_run_are_ended(lock, tmp_path):
    program = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    environment = {processes.RUN_VARIABLE: "dead-run"}
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE) as left:
        # The kernel shows the environment of a process only after exec.
        assert left.stdout.readline() == b"up\n"
        lock.dead = Holder(1, "me", "slipway up", time.time(), "dead-run")
        console = make_console()
        print_header(console, "up", lock, "ansible-playbook x", tmp_path / "x.log")
        assert left.wait(timeout=30) != 0
    assert "was cut off" in text_of(console)
    assert "Its 1 process ended" in text_of(console)
