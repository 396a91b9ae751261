"""Tests of ``slipway.lab.watching``."""

import os
import shutil

import pytest

from slipway.lab import watching
from slipway.lab.watching import Changes, build_files, stamp_of


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "PAUSE", 0.0)
    (tmp_path / "a").write_text("1")
    return tmp_path


def test_a_stamp_shows_each_change(folder):
    def stamp():
        return stamp_of(folder.glob("*"))

    first = stamp()
    assert stamp() == first
    times = (folder / "a").stat()
    (folder / "a").write_text("2")
    os.utime(folder / "a", ns=(times.st_atime_ns, times.st_mtime_ns))
    second = stamp()
    (folder / "a").chmod(0o700)
    third = stamp()
    (folder / "b").touch()
    assert len({first, second, third, stamp()}) == 4


def test_files_that_have_gone_are_left_out(folder):
    assert stamp_of([folder / "no-such"]) == frozenset()


def test_a_change_counts_once_it_has_settled(folder):
    """Three looks in a row see another file each, then a file that comes and goes."""
    work = [
        lambda: None,
        lambda: (folder / "b").touch(),
        lambda: (folder / "c").touch(),
        lambda: (folder / "d").touch(),
        lambda: None,
    ]
    done = []

    def idle():
        if work:
            done.append(work.pop(0)())

    changes = Changes(lambda: folder.glob("*"), idle)
    changes.wait()
    assert len(done) == 5
    work[:] = [
        lambda: shutil.copy2(folder / "a", folder / "e"),
        lambda: (folder / "e").unlink(),
        lambda: None,
        lambda: (folder / "a").write_text("3"),
        lambda: None,
    ]
    done.clear()
    changes.wait()
    assert len(done) == 5


def test_what_changes_before_the_wait_is_seen(folder):
    changes = Changes(lambda: folder.glob("*"), lambda: None)
    (folder / "b").touch()
    changes.wait()
    assert (folder / "b").exists()


def test_files_of_a_build(folder):
    assert list(build_files(folder)) == []
    (folder / "Containerfile").touch()
    (folder / ".dockerignore").write_text("*\n!b\n")
    (folder / "b").touch()
    names = [path.name for path in build_files(folder)]
    assert names == ["b", "Containerfile", "Containerfile.dockerignore", ".dockerignore"]
