"""Tests of the objects that a restore creates, and of what it refuses."""

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    SnapshotError,
    UnfitError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.plan import first_name


def test_another_control_group_version_is_refused(lab):
    lab.save()
    lab.engine.cgroup = "2"
    with pytest.raises(UnfitError, match="cgroup v1, and Docker uses v2"):
        lab.restoring().plan.check(True)


def test_addresses_of_another_lab_are_refused(lab):
    lab.save()
    lab.remove()
    lab.engine.add_network("two")
    with pytest.raises(
        SnapshotError, match=r"10\.213\.0\.0/24, which the network slipway-two uses"
    ):
        lab.restoring().plan.check(False)


def test_a_lab_with_another_network_is_refused(lab):
    lab.save()
    lab.engine.add_network("one", "10.220.0.0/24")
    with pytest.raises(SnapshotError, match=r"has the network 10\.220\.0\.0/24 now"):
        lab.restoring().plan.check(True)


def test_the_snapshot_of_another_architecture_is_refused(lab):
    lab.save()
    manifest = lab.store.read("clean")
    manifest.machine["architecture"] = "riscv64"
    manifest.write(lab.store.folder("clean"))
    with pytest.raises(UnfitError, match="the snapshot is of riscv64"):
        lab.restoring().plan.check(True)
    document = json.loads((lab.store.folder("clean") / "manifest.json").read_text())
    assert "private keys" in document["notice"]


def test_a_volume_that_is_restored_again_keeps_the_length_of_its_name(lab):
    lab.save()
    for _ in range(3):
        lab.fill()
        lab.switch()
        (volume,) = lab.engine.volumes.values()
        assert first_name(volume | {"labels": volume["Labels"], "name": volume["Name"]}) == (
            "slipway-one-lab1-docker"
        )
        assert len(volume["Name"]) <= len("slipway-one-lab1-docker-123456")
