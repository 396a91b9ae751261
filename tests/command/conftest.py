"""The command on a project that makes no lab."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from slipway.lab import processes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def slipway(tmp_path):
    """Start the command; what it started is ended, whatever the test does."""
    environment = {
        **os.environ,
        "SLIPWAY_PROJECT": str(ROOT / "tests/fixtures/project"),
        "SLIPWAY_COMMAND": "./slipway",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "DOCKER_HOST": f"unix://{tmp_path}/engine",
    }
    for name in ("CI", "ANSIBLE_INVENTORY"):
        environment.pop(name, None)
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "src/slipway/__main__.py"), *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    def run(*arguments):
        process = start(*arguments)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    run.environment = environment
    run.start = start
    run.state = tmp_path / "state/slipway/fixture"
    yield run
    for process in started:
        process.kill()
        process.wait()
    lock = run.state / "lock"
    if lock.exists() and lock.read_text():
        processes.end_run(json.loads(lock.read_text())["run"], patience=1)
