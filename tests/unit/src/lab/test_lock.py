"""Tests of ``slipway.lab.lock``."""

import json
import os

import pytest

from slipway.lab import lock
from slipway.lab.lock import Holder, LabBusyError, LabLock, MachineLock, holder_of

ME = Holder(os.getpid(), "alice", "slipway up", 0.0, "abc")


def test_the_second_run_learns_who_holds_the_lab(tmp_path):
    with LabLock(tmp_path, "demo", "slipway up"):
        with pytest.raises(LabBusyError) as busy, LabLock(tmp_path, "demo", "slipway down"):
            pass
        text = str(busy.value)
        assert 'lab "demo"' in text
        assert f"process {os.getpid()}" in text
        assert "slipway up" in text
        assert holder_of(tmp_path)[1] is True
    assert holder_of(tmp_path) == (None, False)


def test_a_released_lock_leaves_nobody(tmp_path):
    with LabLock(tmp_path, "demo", "slipway up"):
        pass
    with LabLock(tmp_path, "demo", "slipway up") as lock:
        assert lock.dead is None


def test_a_dead_holder_is_known_to_the_next(tmp_path):
    holder = {"pid": 1, "user": "u", "command": "slipway up", "since": 0.0, "run": "abc"}
    (tmp_path / "lock").write_text(json.dumps(holder))
    assert holder_of(tmp_path)[0].run == "abc"
    assert holder_of(tmp_path)[1] is False
    with LabLock(tmp_path, "demo", "slipway up") as lock:
        assert lock.dead.run == "abc"


def test_a_spoilt_lock_file_does_not_hurt(tmp_path):
    (tmp_path / "lock").write_text('{"pid": 1')
    with LabLock(tmp_path, "demo", "slipway up") as lock:
        assert lock.dead is None


def test_the_state_directory_is_for_its_owner_only(tmp_path):
    with LabLock(tmp_path / "state", "demo", "slipway up"):
        assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "state/lock").stat().st_mode & 0o777 == 0o600


def test_accounts_with_different_homes_share_the_lock_of_a_name(tmp_path):
    with LabLock(tmp_path / "alice", "demo", "slipway up"):
        with pytest.raises(LabBusyError, match="slipway up"):
            LabLock(tmp_path / "bob", "demo", "slipway down").__enter__()
        assert not (tmp_path / "bob").exists()  # nothing was changed
        with LabLock(tmp_path / "bob", "other", "slipway up"):
            pass
    with LabLock(tmp_path / "bob", "demo", "slipway down"):
        pass


def test_the_lock_of_the_machine_can_be_taken_by_every_account_and_leaves_no_file():
    machine = MachineLock("demo")
    machine.take(ME)
    assert machine.path.stat().st_mode & 0o777 == 0o666
    machine.release()
    assert not machine.path.exists()


def test_a_lock_that_its_holder_removed_meanwhile_is_not_taken(monkeypatch):
    first, second = MachineLock("demo"), MachineLock("demo")
    first.take(ME)
    opened = second._open()
    first.release()
    files = iter([opened, None])
    monkeypatch.setattr(second, "_open", lambda: next(files) or MachineLock._open(second))
    second.take(ME)
    assert second._is_current()
    second.release()


def test_engines_are_told_apart(monkeypatch):
    one = MachineLock("demo").path
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/other.sock")
    assert MachineLock("demo").path != one


def test_a_machine_without_a_directory_of_locks_uses_that_of_temporary_files(monkeypatch, tmp_path):
    monkeypatch.setattr(lock, "LOCKS", tmp_path / "none")
    monkeypatch.setattr(lock.tempfile, "gettempdir", lambda: str(tmp_path))
    assert MachineLock("demo").path.parent == tmp_path
