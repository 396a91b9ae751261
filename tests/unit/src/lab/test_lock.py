"""Tests of ``slipway.lab.lock``."""

import json
import os

import pytest

from slipway.lab.lock import LabBusyError, LabLock, holder_of


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
