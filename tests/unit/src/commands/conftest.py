"""The command in this process, on the project of the tests and an empty state."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from slipway.cli import main

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
