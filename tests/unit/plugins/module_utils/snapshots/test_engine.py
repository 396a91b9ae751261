"""Tests of the requests to the engine."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.engine import Engine
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError


def test_only_the_objects_of_the_lab_are_returned(lab):
    lab.engine.add_container(
        "other", {"Image": "x:1", "Labels": {"slipway": "two"}, "HostConfig": {}}
    )
    lab.engine.add_volume("other", "two")
    lab.engine.add_network("two")
    names = [one["Name"] for one in lab.api.containers("one")]
    assert names == ["/slipway-one-files", "/slipway-one-lab1"]
    assert [one["Name"] for one in lab.api.volumes("one")] == ["slipway-one-lab1-docker"]
    assert lab.api.volumes("three") == []
    assert [one["Name"] for one in lab.api.networks("one")] == ["slipway-one"]
    assert len(lab.api.networks()) == 2


def test_what_is_gone_already_needs_no_removal(lab):
    lab.api.remove_container("gone")
    lab.api.remove_volume("gone")
    lab.api.remove_image("gone:1")
    assert not lab.api.has_image("gone:1") and lab.api.has_image("slipway/host:1")


def test_an_image_that_is_used_is_kept(lab):
    lab.api.remove_image("slipway/host:1")
    assert lab.api.has_image("slipway/host:1")


def test_a_volume_that_is_used_is_an_error(lab):
    with pytest.raises(SnapshotError, match="Docker refused DELETE /volumes/.*: volume is in use"):
        lab.api.remove_volume("slipway-one-lab1-docker")


def test_an_engine_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(SnapshotError, match=r"Docker does not answer on .*/none \(.*\); start it"):
        Engine(f"{tmp_path}/none").info()


def test_a_volume_is_removed_with_the_containers_that_should_have_copied_it(lab):
    lab.engine.add_volume("copied", "one")
    lab.engine.add_volume("kept", "one")
    for name in ("copied", "kept"):
        mount = {"Type": "volume", "Source": name, "Target": "/volume"}
        body = {
            "Image": "x:1",
            "Labels": {"slipway.role": "copier"},
            "HostConfig": {"Mounts": [mount]},
        }
        lab.engine.add_container(f"copier-of-{name}", body)
    lab.api.remove_volume("copied")
    assert "copied" not in lab.engine.volumes and "kept" in lab.engine.volumes
    assert (
        "copier-of-copied" not in lab.engine.containers
        and "copier-of-kept" in lab.engine.containers
    )
