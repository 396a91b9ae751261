"""Tests of snapshots in one file."""

import io
import shutil
import stat
import tarfile

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots import transfer
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    SnapshotError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.transfer import (
    export_snapshot,
    import_snapshot,
)


def quiet(*_):
    pass


@pytest.fixture
def file(lab, tmp_path):
    """An exported snapshot."""
    lab.save()
    export_snapshot(lab.store, "clean", tmp_path / "lab.snapshot", quiet)
    return tmp_path / "lab.snapshot"


def test_a_snapshot_is_exported_and_imported_under_another_name(lab, file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert import_snapshot(lab.store, file, "again", quiet) == "again"
    assert lab.store.describe("again", thorough=True)["problem"] == ""
    assert lab.store.read("again") == lab.store.read("clean")
    folder = lab.store.folder("again")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    lab.store.delete("clean")
    assert import_snapshot(lab.store, file, "", quiet) == "clean"


def test_an_imported_snapshot_is_restored(lab, file):
    lab.store.delete("clean")
    lab.change()
    import_snapshot(lab.store, file, "", quiet)
    lab.fill()
    lab.switch()
    assert lab.contents() == ("first", "first")


def test_files_that_exist_and_missing_directories_are_refused(lab, file, tmp_path):
    with pytest.raises(SnapshotError, match="lab.snapshot exists already"):
        export_snapshot(lab.store, "clean", file, quiet)
    with pytest.raises(SnapshotError, match="none does not exist"):
        export_snapshot(lab.store, "clean", tmp_path / "none/file", quiet)
    with pytest.raises(SnapshotError, match="the snapshot clean exists already"):
        import_snapshot(lab.store, file, "", quiet)
    with pytest.raises(SnapshotError, match="not a valid name"):
        import_snapshot(lab.store, file, "../x", quiet)


def test_a_damaged_snapshot_is_not_exported(lab, tmp_path):
    manifest = lab.save()
    part = lab.store.folder("clean") / manifest.parts["state"].file
    part.write_bytes(b"x" * part.stat().st_size)
    with pytest.raises(DamagedError, match=r"state\.tar\.zst is damaged"):
        export_snapshot(lab.store, "clean", tmp_path / "file", quiet)
    assert not list(tmp_path.glob("*file*"))


@pytest.mark.parametrize("place", [0.001, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("cut", [False, True])
def test_a_damaged_file_is_refused_and_leaves_nothing(lab, file, place, cut):
    lab.store.delete("clean")
    content = file.read_bytes()
    position = int(len(content.rstrip(b"\0")) * place)
    changed = content[:position] + bytes([content[position] ^ 0x55]) + content[position + 1 :]
    file.write_bytes(content[:position] if cut else changed)
    try:
        import_snapshot(lab.store, file, "", quiet)
    except SnapshotError:
        assert list(lab.store.directory.iterdir()) == []
    else:  # the byte is padding of the archive
        assert lab.store.describe("clean", thorough=True)["problem"] == "" and not cut


@pytest.mark.parametrize("content", [b"", b"text", b"\0" * 20_000])
def test_other_files_are_refused(lab, tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(DamagedError, match=r"not a snapshot|cannot be read as a snapshot"):
        import_snapshot(lab.store, tmp_path / "file", "", quiet)
    with pytest.raises(DamagedError, match="cannot be read as a snapshot"):
        import_snapshot(lab.store, tmp_path / "missing", "", quiet)


def test_a_part_outside_of_the_snapshot_is_refused(lab, file, tmp_path):
    manifest = lab.store.read("clean")
    manifest.parts["state"] = manifest.parts["state"].__class__("../../evil", 1, 1, "0")
    (tmp_path / "odd").mkdir()
    manifest.write(tmp_path / "odd")
    with tarfile.open(tmp_path / "file", "w") as archive:
        archive.add(tmp_path / "odd/manifest.json", "clean/manifest.json")
        archive.addfile(tarfile.TarInfo("clean/../../evil"), io.BytesIO())
    shutil.rmtree(lab.store.directory)
    with pytest.raises(DamagedError, match="evil"):
        import_snapshot(lab.store, tmp_path / "file", "", quiet)
    assert not list(tmp_path.rglob("evil"))


def test_a_disk_that_is_too_full_is_refused(lab, file, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "RESERVE", 1 << 60)
    with pytest.raises(SnapshotError, match="MiB free, and the snapshot needs"):
        export_snapshot(lab.store, "clean", tmp_path / "other", quiet)
    with pytest.raises(SnapshotError, match="MiB free, and the snapshot needs"):
        import_snapshot(lab.store, file, "again", quiet)
    assert lab.store.names() == ["clean"] and not (tmp_path / "other").exists()
