"""The command in this process, on the project of the tests and an empty state."""

import json
import platform
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Manifest
from slipway.cli import main
from slipway.course.server import PageServer
from slipway.lab import target_commands
from slipway.lab.minikube_host import Host
from slipway.lab.targets import APP, HOST, NODE, POD, Target

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Run the command; ``command.make`` makes what looks like a lab that is up."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SLIPWAY_PROJECT", str(ROOT / "tests/fixtures/project"))
    monkeypatch.setenv("SLIPWAY_COMMAND", "./slipway")
    for folder in ("STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{folder}_HOME", str(tmp_path / folder.lower()))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine")
    for name in ("ANSIBLE_INVENTORY", "SLIPWAY_LAB", "SLIPWAY_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def run(*arguments):
        return CliRunner().invoke(main, arguments)

    def make(name="fixture", **report):
        state = tmp_path / "state/slipway" / name
        (state / "bin").mkdir(parents=True)
        (state / "kubeconfig").touch()
        (state / "bin/kubectl").touch()
        (state / "report.json").write_text(json.dumps({"ready": True, **report}))
        return state

    run.make = make
    run.engine = tmp_path / "engine"
    run.config = tmp_path / "config/slipway/slipway.toml"
    run.config.parent.mkdir(parents=True)
    return run


@pytest.fixture
def pages(monkeypatch):
    """The pages that commands open. A user ends each server with Ctrl-C."""
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)

    run = PageServer.run

    def interrupt(server):
        signal.raise_signal(signal.SIGINT)
        run(server)

    monkeypatch.setattr(PageServer, "run", interrupt)
    # A background job of a shell ignores Ctrl-C, and the command respects that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield opened
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def targets():
    """A target of each kind, by name."""
    return {
        "lab1": Target(HOST, "lab1"),
        "minikube": Target(NODE, "minikube"),
        "web-1": Target(POD, "web-1", "shop"),
        "web": Target(APP, "web", "shop", "deployment/web", "app=web"),
    }


@pytest.fixture
def host(monkeypatch):
    """The host of every lab."""
    found = Host({"ansible_host": "h", "minikube_driver": "docker", "minikube_user": "minikube"})
    monkeypatch.setattr(target_commands, "find_host", lambda project, *name: found)
    return found


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """A snapshot of the lab ``two``."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "data/slipway/snapshots/clean"
    folder.mkdir(parents=True)
    machine = {"architecture": platform.machine(), "cgroup": "1"}
    account = {"name": "alice", "uid": 1, "gid": 1}
    Manifest("two", 0.0, machine, account, {"state": "/s", "cache": "/c"}, ["/inv"]).write(folder)
    return folder
