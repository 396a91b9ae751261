"""Tests of the work of the modules."""

import os

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots import tasks
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    NoSnapshotError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer


@pytest.fixture
def params(lab):
    return {
        "name": "clean", "directory": str(lab.store.directory), "lab": "one", "state_dir": str(lab.state),
        "cache_dir": str(lab.cache), "labels": {"slipway": "one"}, "force": True, "names": [], "verify": False,
    }  # fmt: skip


def work(function, lab, params, check=False):
    return function(params, check, lab.engine.socket, Packer(), lambda *_: None)


def test_check_mode_measures_and_saves_nothing(lab, params):
    found = work(tasks.save, lab, params, check=True)
    assert found["changed"] and found["free"] > found["content"] > 1000
    assert not lab.store.directory.exists()


def test_a_snapshot_is_saved_read_and_deleted(lab, params):
    assert work(tasks.save, lab, params)["snapshot"]["name"] == "clean"
    (found,) = tasks.describe(params | {"verify": True})["snapshots"]
    assert found["state"] == "ok"
    assert tasks.delete(params, True) == {"changed": True} and lab.store.names() == ["clean"]
    assert tasks.delete(params, False) == {"changed": True} and lab.store.names() == []
    assert tasks.delete(params, False) == {"changed": False}
    with pytest.raises(NoSnapshotError):
        tasks.describe(params | {"names": ["clean"]})


def test_check_mode_of_a_restore_reads_all_files_and_changes_nothing(lab, params):
    manifest = lab.save()
    asked = len(lab.engine.asked)
    assert work(tasks.fill, lab, params, check=True) == {"changed": True, "replaces": True}
    assert all(line.startswith("GET") for line in lab.engine.asked[asked:])
    file = lab.store.folder("clean") / manifest.parts["state"].file
    file.write_bytes(b"x" * os.path.getsize(file))
    with pytest.raises(DamagedError):
        work(tasks.fill, lab, params, check=True)


def test_a_restore_in_its_steps(lab, params):
    lab.save()
    lab.change()
    socket = lab.engine.socket
    assert tasks.settle(params, False, socket) == {"changed": False, "kept": ""}
    work(tasks.fill, lab, params)
    assert tasks.settle(params, True, socket)["changed"]
    assert tasks.settle(params, False, socket) == {"changed": True, "kept": "old"}
    work(tasks.fill, lab, params)
    work(tasks.fill, lab, params)  # of a run that was interrupted
    assert tasks.take(params, True, socket) == {"changed": True}
    assert lab.contents() == ("later", "later")
    assert tasks.take(params, False, socket) == {"changed": True}
    assert lab.contents() == ("first", "first") and len(lab.engine.volumes) == 2
    assert tasks.settle(params, False, socket) == {"changed": True, "kept": "new"}
    assert len(lab.engine.volumes) == 1
