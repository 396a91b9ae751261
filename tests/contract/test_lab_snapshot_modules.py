"""The modules lab_snapshot, lab_snapshot_info and lab_restore on a made-up engine."""

import os
import signal
import subprocess
import time

import pytest

from support.module_runner import run_module
from support.snapshot_engine import snapshot_engine


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A stopped lab of one container with one volume; yields the options that all modules share."""
    state = tmp_path / "state"
    state.mkdir()
    (state / "kubeconfig").write_text("first")
    with snapshot_engine(tmp_path / "e") as engine:
        monkeypatch.setenv("DOCKER_HOST", f"unix://{engine.socket}")
        monkeypatch.setenv("PATH", f"{engine.root}/bin:{os.environ['PATH']}")
        engine.add_volume("slipway-one-lab1-docker", "one", row="first")
        mount = {"Type": "volume", "Source": "slipway-one-lab1-docker", "Target": "/data"}
        engine.add_container("slipway-one-lab1", {
            "Image": "slipway/host:1", "Labels": {"slipway": "one"},
            "HostConfig": {"NetworkMode": "host", "Binds": [f"{state}/kubeconfig:/k:ro"], "Mounts": [mount]},
        })  # fmt: skip
        engine.options = {"lab": "one", "state_dir": str(state)}
        engine.saving = {
            **engine.options,
            "directory": str(tmp_path / "snapshots"),
            "cache_dir": str(tmp_path),
        }
        yield engine


def row(lab):
    source = lab.containers["slipway-one-lab1"]["Mounts"][0]["Source"]
    return (lab.root / "volumes" / source / "row").read_text()


def test_a_lab_is_saved_and_restored(lab, tmp_path):
    check = run_module("lab_snapshot", check=True, name="clean", **lab.saving)
    assert check["changed"] and check["free"] > check["content"]
    done = run_module("lab_snapshot", name="clean", **lab.saving)
    assert done["changed"] and done["snapshot"]["lab"] == "one"
    again = run_module("lab_snapshot", name="clean", **lab.saving)
    assert again["failed"] and "the snapshot clean exists already" in again["msg"]
    directory = lab.saving["directory"]
    (found,) = run_module("lab_snapshot_info", directory=directory, verify=True)["snapshots"]
    assert found == done["snapshot"]

    (lab.root / "volumes/slipway-one-lab1-docker/row").write_text("later")
    (tmp_path / "state/kubeconfig").write_text("later")
    filling = {**lab.saving, "name": "clean", "labels": {"slipway": "one"}}
    refused = run_module("lab_restore", state="filled", **filling)
    assert refused["failed"] and "--force" in refused["msg"]
    assert run_module("lab_restore", state="filled", force=True, **filling)["replaces"]
    assert row(lab) == "later"
    assert run_module("lab_restore", state="switched", **lab.options)["changed"]
    assert (row(lab), (tmp_path / "state/kubeconfig").read_text()) == ("first", "first")
    for kept in ("new", ""):
        assert run_module("lab_restore", state="recovered", **lab.options)["kept"] == kept

    carried = {"directory": directory, "file": str(tmp_path / "file")}
    for check in (True, False):
        assert run_module(
            "lab_snapshot_file", check=check, state="exported", name="clean", **carried
        )["changed"]
        assert (tmp_path / "file").exists() is not check
    refused = run_module("lab_snapshot_file", check=True, state="imported", **carried)
    assert "the snapshot clean exists already" in refused["msg"]
    assert run_module("lab_snapshot_file", state="imported", name="two", **carried)["name"] == "two"
    assert run_module("lab_snapshot", name="two", directory=directory, state="absent")["changed"]

    gone = {"name": "clean", "directory": directory, "state": "absent"}
    assert run_module("lab_snapshot", check=True, **gone)["changed"]
    assert run_module("lab_snapshot", **gone)["changed"]
    assert not run_module("lab_snapshot", **gone)["changed"]
    assert run_module("lab_snapshot_info", directory=directory)["snapshots"] == []


def test_missing_options_are_named(lab):
    done = run_module("lab_snapshot", name="clean", directory=lab.saving["directory"])
    assert done["failed"] and "lab, state_dir, cache_dir" in done["msg"]


def test_a_program_that_is_killed_leaves_no_snapshot(lab, tmp_path):
    slow = lab.root / "bin/zstd"
    slow.write_text("#!/bin/sh\ntouch $0-began\nexec sleep 60\n")
    slow.chmod(0o755)
    module = (
        "import sys; from support.module_runner import run_module; "
        f"print(run_module('lab_snapshot', name='clean', **{lab.saving!r}))"
    )
    path = os.pathsep.join(["tests", "collections", "src"])
    process = subprocess.Popen(
        ["python3", "-c", module], stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    for _ in range(600):
        if (lab.root / "bin/zstd-began").exists():
            break
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    assert run_module("lab_snapshot_info", directory=lab.saving["directory"])["snapshots"] == []
    slow.unlink()
    assert run_module("lab_snapshot", name="clean", **lab.saving)["changed"]
    assert os.listdir(lab.saving["directory"]) == ["clean"]
