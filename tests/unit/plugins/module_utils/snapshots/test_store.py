"""Tests of the directory of snapshots."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    NoSnapshotError,
    SnapshotError,
    SnapshotNameError,
)

ODD = ["", ".", "..", "../x", "/tmp/x", "a/b", "-x", ".hidden", "a b", "x" * 41, "ü", "a\n"]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_and_paths_are_refused(lab, name):
    for work in (lab.store.check_new, lab.store.folder, lab.store.delete, lab.store.describe):
        with pytest.raises(SnapshotNameError, match="not a valid name of a snapshot"):
            work(name)


def test_an_unknown_snapshot_names_the_known_ones(lab):
    with pytest.raises(NoSnapshotError, match="no snapshot other in .*; saved: none"):
        lab.store.read("other")
    lab.save()
    with pytest.raises(NoSnapshotError, match="saved: clean"):
        lab.store.delete("other")


def test_a_deleted_snapshot_is_gone(lab):
    lab.save()
    lab.store.delete("clean")
    assert lab.store.names() == [] and list(lab.store.directory.iterdir()) == []


def test_a_snapshot_is_described(lab):
    manifest = lab.save()
    found = lab.store.describe("clean", thorough=True)
    assert (found["state"], found["problem"], found["lab"]) == ("ok", "", "one")
    assert found["size"] == manifest.size == sum(found["parts"].values())


def test_a_missing_or_short_file_is_seen_without_reading_it(lab):
    manifest = lab.save()
    file = lab.store.folder("clean") / manifest.parts["state"].file
    file.write_bytes(file.read_bytes()[:-1])
    found = lab.store.describe("clean")
    assert found["state"] == "unusable" and "bytes long instead of" in found["problem"]
    file.unlink()
    assert "state.tar.zst is missing" in lab.store.describe("clean")["problem"]


def test_a_changed_byte_is_found_when_all_files_are_read(lab):
    manifest = lab.save()
    file = lab.store.folder("clean") / manifest.parts["state"].file
    file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:])
    assert lab.store.describe("clean")["problem"] == ""
    assert "state.tar.zst is damaged" in lab.store.describe("clean", thorough=True)["problem"]
    with pytest.raises(SnapshotError, match="damaged"):
        lab.store.verify("clean")


def test_a_snapshot_that_appeared_meanwhile_is_kept(lab):
    def save():
        with lab.store.writing("clean") as folder:
            (folder / "mine").touch()
            (lab.store.directory / "clean").mkdir()

    with pytest.raises(SnapshotError, match="exists already"):
        save()
    assert [path.name for path in lab.store.directory.iterdir()] == ["clean"]
    assert list((lab.store.directory / "clean").iterdir()) == []
