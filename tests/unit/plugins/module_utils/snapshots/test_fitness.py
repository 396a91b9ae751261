"""Tests of whether a lab fits this machine."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots import fitness
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError


def test_a_disk_that_is_too_full_is_refused(lab, monkeypatch):
    manifest = lab.save()
    info = {"DockerRootDir": "/no/such/directory"}
    fitness.check_space(info, manifest)
    monkeypatch.setattr(fitness, "RESERVE", 1 << 60)
    with pytest.raises(SnapshotError, match=r"the disk of Docker \(/\) has \d+ MiB free"):
        fitness.check_space(info, manifest)
