"""Tests of copying roots, volumes and the state."""

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.copying import (
    Copier,
    state_entries,
    tree_size,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import SnapshotError
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import Packer


@pytest.fixture
def copier(lab, tmp_path):
    (tmp_path / "scratch").mkdir()
    return Copier(Packer(), tmp_path / "scratch", "slipway/host:1")


def test_a_volume_keeps_names_modes_links_and_holes(lab, copier, tmp_path):
    place = lab.engine.root / "volumes/slipway-one-lab1-docker"
    (place / "odd name \n").write_text("x")
    (place / "link").symlink_to("row")
    (place / "row").chmod(0o640)
    with (place / "hole").open("wb") as file:
        file.truncate(1 << 24)
    part = copier.save_volume("slipway-one-lab1-docker", tmp_path / "v.zst", 5)
    assert part.size < 10_000
    target = lab.engine.add_volume("new", "one")
    copier.load_volume(part, tmp_path / "v.zst", "new")
    assert sorted(path.name for path in target.iterdir()) == ["hole", "link", "odd name \n", "row"]
    assert (target / "row").stat().st_mode & 0o777 == 0o640
    assert (target / "link").readlink().name == "row"
    assert (target / "hole").stat().st_blocks == 0


def test_files_of_overlay_file_systems_are_copied(lab, copier, tmp_path):
    copier.save_volume("slipway-one-lab1-docker", tmp_path / "v.zst", 5)
    line = (lab.engine.root / "asked").read_text()
    assert "--cap-add=SYS_ADMIN" in line and "--xattrs-include=*" in line
    assert "--volume=slipway-one-lab1-docker:/volume:ro" in line


def test_the_sizes_of_volumes_are_measured(lab, copier):
    lab.engine.add_volume("big", "one", data="x" * 100_000)
    small, big = copier.volume_sizes(["slipway-one-lab1-docker", "big"])
    assert small < 100_000 <= big
    assert copier.volume_sizes([]) == []
    with pytest.raises(SnapshotError, match="the volumes cannot be read"):
        copier.volume_sizes(["gone"])


def test_the_state_leaves_out_what_belongs_to_runs(tmp_path):
    for name in ("lock", "logs", "k9s", ".restore", "kubeconfig", "lab.json"):
        (tmp_path / name).write_text("x" * 10)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/kubectl").symlink_to("/cache/kubectl")
    assert state_entries(tmp_path) == ["bin", "kubeconfig", "lab.json"]
    assert tree_size(tmp_path, ["kubeconfig", "lab.json"]) == 20
    assert state_entries(tmp_path / "missing") == []
