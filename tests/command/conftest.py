"""The command on a project that makes no lab."""

import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from slipway.lab import processes
from support.image_nodes import install

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

    def start(*arguments, output=None):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "src/slipway/__main__.py"), *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.PIPE,
            stderr=output or subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    def run(*arguments):
        process = start(*arguments)
        out, err = process.communicate(timeout=600)
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


@pytest.fixture
def nodes(slipway, tmp_path):
    """Run the command with the real playbooks; ``nodes.docker`` is the folder of a stand-in for docker."""
    docker = install(
        tmp_path / "bin",
        {"minikube": {"images": {}}, "minikube-m02": {"images": {}}},
        saved={"shop/web:v1": {}},
    )
    slipway.state.mkdir(parents=True)
    (slipway.state / "report.json").write_text(json.dumps({"hosts": []}))
    variables = tmp_path / "inventory/group_vars/all"
    variables.parent.mkdir(parents=True)
    variables.symlink_to(ROOT / "inventories/common")
    hosts = tmp_path / "inventory/hosts.ini"
    local = (
        f"ansible_connection=local ansible_python_interpreter={sys.executable} ansible_become=false"
    )
    hosts.write_text(
        f"[control]\nlocalhost {local}\n[minikube_hosts]\nhere {local} minikube_user={getpass.getuser()} "
        f"minikube_progress_file={tmp_path}/progress\n"
    )
    slipway.environment.update(
        SLIPWAY_PROJECT=str(ROOT), PATH=f"{docker.parent}:{os.environ['PATH']}"
    )
    chosen = ("-i", str(hosts), "-e", "slipway_lab=fixture")

    def run(*arguments):
        return slipway(*arguments, *chosen)

    run.start = lambda *arguments, **more: slipway.start(*arguments, *chosen, **more)
    run.docker, run.state = docker.parent, slipway.state
    return run
