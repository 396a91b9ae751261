"""Tests of a restore: what it refuses, and what it leaves."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    SnapshotError,
)


def everything(lab):
    engine = lab.engine
    return sorted(engine.containers), sorted(engine.volumes), sorted(engine.networks)


def test_a_lab_that_was_removed_comes_back(lab):
    lab.save()
    before = everything(lab)
    lab.remove()
    lab.fill(force=False)
    lab.switch()
    assert (lab.cache / "apt/lab1").is_dir()
    assert everything(lab) == before
    assert lab.contents() == ("first", "first")
    host = lab.engine.containers["slipway-one-lab1"]
    assert (
        lab.engine.root / "images" / host["Config"]["Image"].replace("/", "_") / "motd"
    ).exists()
    assert host["NetworkSettings"]["Networks"] == {
        "slipway-one": {"IPAMConfig": {"IPv4Address": "10.213.0.11"}}
    }
    assert host["Config"]["Labels"]["slipway.owner"] == "bob"
    assert not (lab.state / ".restore").exists()


def test_a_living_lab_is_replaced_only_by_force(lab):
    lab.save()
    lab.change()
    with pytest.raises(SnapshotError, match=r"the lab one exists.*--force"):
        lab.fill(force=False)
    assert lab.contents() == ("later", "later")
    lab.fill()
    assert lab.contents() == ("later", "later")  # beside it
    lab.switch()
    assert lab.contents() == ("first", "first")
    assert not (lab.state / "later").exists()
    assert (lab.state / "lock").read_text() == "held"  # the run that restores it holds this
    assert sorted(lab.engine.containers) == ["slipway-one-files", "slipway-one-lab1"]
    assert len(lab.engine.volumes) == 1


@pytest.mark.parametrize("key", ["slipway-one-lab1-docker", "root-slipway-one-lab1", "state"])
def test_a_damaged_part_leaves_the_lab_as_it_is(lab, key):
    lab.save()
    before = everything(lab)
    lab.change()
    file = lab.store.folder("clean") / f"{key}.tar.zst"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedError, match=f"{key}.tar.zst is damaged"):
        lab.fill()
    assert everything(lab) == before
    assert lab.contents() == ("later", "later")
    assert not (lab.state / ".restore").exists()


def test_a_missing_directory_is_named_and_not_created_by_the_engine(lab):
    lab.save()
    (lab.cache / "files").rmdir()
    before = everything(lab)
    with pytest.raises(SnapshotError, match=r"cache/files is missing"):
        lab.fill()
    assert everything(lab) == before


def test_an_engine_that_refuses_a_volume_leaves_the_lab(lab):
    lab.save()
    before = everything(lab)
    lab.engine.refuse = ["POST /volumes/create"]
    with pytest.raises(SnapshotError, match="Docker refused POST /volumes/create: refused by"):
        lab.fill()
    assert everything(lab) == before
