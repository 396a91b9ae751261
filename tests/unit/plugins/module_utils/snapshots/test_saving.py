"""Tests of saving a lab."""

import os
import signal
import stat
import subprocess
import threading
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots import saving, store
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError


def test_a_snapshot_has_everything_and_only_its_owner_reads_it(lab):
    manifest = lab.save()
    folder = lab.store.folder("clean")
    assert sorted(manifest.parts) == [
        "image-slipway-mirr", "root-slipway-one-lab1", "slipway-one-lab1-docker", "state",
    ]  # fmt: skip
    assert lab.store.read("clean") == manifest
    assert manifest.inventories == ["/inv"] and manifest.subnet == "10.213.0.0/24"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [part.file for part in manifest.parts.values()] + ["manifest.json"]
    )
    for path in (lab.store.directory, folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    listed = subprocess.run(
        ["tar", "-tf", str(folder / "state.tar.zst")], capture_output=True, text=True, check=True
    )
    assert sorted(listed.stdout.split()) == ["lab.json", "ssh/", "ssh/key"]  # without the lock


def test_a_lab_that_runs_is_not_saved(lab):
    lab.engine.containers["slipway-one-lab1"]["State"]["Running"] = True
    assert lab.saving().plan("clean")["content"] > 0
    with pytest.raises(SnapshotError, match="slipway-one-lab1 runs; stop the lab first"):
        lab.save()
    assert lab.store.names() == [] and not lab.store.directory.exists()


def test_a_disk_that_is_too_full_is_refused_before_anything(lab, monkeypatch):
    monkeypatch.setattr(store.Store, "free", lambda _: saving.RESERVE)
    with pytest.raises(SnapshotError, match=r"0? ?MiB free.*free some space"):
        lab.saving().plan("clean")
    assert not lab.store.directory.exists()


def test_a_name_that_exists_is_refused(lab):
    lab.save()
    with pytest.raises(SnapshotError, match="the snapshot clean exists already"):
        lab.saving().plan("clean")


def test_a_lab_without_containers_is_refused(lab):
    lab.remove()
    with pytest.raises(SnapshotError, match="the lab one has no containers"):
        lab.saving().plan("clean")


@pytest.mark.parametrize("program", ["run", "export"])
def test_a_program_that_fails_leaves_no_snapshot(lab, program):
    job = lab.saving()
    job.plan("clean")
    (lab.engine.root / f"broken-{program}").touch()
    job.plan = lambda _: None  # the size is known
    with pytest.raises(SnapshotError, match="the engine said no"):
        job.save("clean", lambda *_: None)
    assert list(lab.store.directory.iterdir()) == []


def test_a_run_that_is_interrupted_leaves_no_snapshot(lab):
    job = lab.saving()

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job.save("clean", interrupt)
    assert lab.store.names() == [] and list(lab.store.directory.iterdir()) == []
    assert threading.active_count() < 20


def test_a_run_that_is_killed_leaves_no_snapshot_and_the_next_one_removes_its_files(lab):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with lab.store.writing("clean") as folder:
            (folder / "part").touch()
            os.write(write, b"x")
            time.sleep(60)
        os._exit(0)
    os.read(read, 1)
    lab.store.remove_unfinished()  # it is still writing
    assert len(list(lab.store.directory.iterdir())) == 1
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert lab.store.names() == []
    lab.save()
    assert [path.name for path in lab.store.directory.iterdir()] == ["clean"]
