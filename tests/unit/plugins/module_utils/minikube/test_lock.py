"""Tests of ``minikube.lock``."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.lock import (
    LockedError,
    profile_lock,
)


def test_the_lock_lives_as_long_as_an_orphan(tmp_path):
    lock = tmp_path / "home" / ".lab.lock"
    with profile_lock(lock, 1, lambda text: None) as descriptor:
        orphan = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(descriptor,)
        )
    reports = []
    try:
        with (
            pytest.raises(LockedError, match=f"process {os.getpid()}"),
            profile_lock(lock, 0, reports.append),
        ):
            pytest.fail("the orphan has the lock")
    finally:
        orphan.communicate(b"\n")
    with profile_lock(lock, 1, lambda text: None):
        pass
