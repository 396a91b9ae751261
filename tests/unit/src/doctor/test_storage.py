"""Tests of the checks in ``slipway.doctor.storage``."""

import os
from types import SimpleNamespace

import pytest

from slipway.doctor import storage
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import put


@pytest.mark.parametrize(
    ("root", "version", "level"),
    [
        ("/var/lib/docker", "", "ok"),
        ("/tank/docker", "2.1.5-1ubuntu6", "error"),
        ("/tank/docker", "2.2.2-0ubuntu9", "ok"),
        ("/mnt/my disk/docker", "", "error"),
        ("/upper/docker", "", "error"),
        ("/home/u/docker", "", "error"),
    ],
)
def test_the_file_system_of_volumes_carries_overlays(machine, root, version, level):
    mounts = (
        "/dev/vda / ext4 rw 0 0\ntank /tank zfs rw 0 0\nnas:/v /mnt/my\\040disk nfs4 rw 0 0\n"
        "overlay /upper overlay rw 0 0\nx /home/u fuse.sshfs rw 0 0\n"
    )
    put(machine, "proc/self/mounts", mounts)
    put(machine, "sys/module/zfs/version", f"{version}\n")
    machine.docker = DockerState(version="28", root=root)
    assert storage.volumes(machine).level == level


def test_the_latest_mount_on_a_place_counts(machine):
    put(
        machine,
        "proc/self/mounts",
        "a / ext4 rw 0 0\nb /var/lib/docker nfs rw 0 0\nc /var/lib/docker xfs rw 0 0\n",
    )
    assert storage.volumes(machine).message == "xfs"


def test_directories_of_another_account_are_named(machine, monkeypatch):
    machine.uid = 1000
    left = machine.project.cache / "artifacts"
    left.mkdir(parents=True)
    assert storage.directories(machine).level == "ok"
    monkeypatch.setattr(os, "access", lambda path, mode: path != left)
    found = storage.directories(machine)
    assert (found.level, found.remedy) == ("error", f"sudo chown -R 1000 {machine.project.cache}")
    monkeypatch.setattr(os, "access", lambda path, mode: path != machine.project.state.parent)
    assert "XDG_STATE_HOME" in storage.directories(machine).remedy


def test_programs_of_the_cache_must_run(machine, monkeypatch):
    monkeypatch.setattr(os, "statvfs", lambda path: SimpleNamespace(f_flag=os.ST_NOEXEC))
    assert "XDG_CACHE_HOME" in storage.directories(machine).remedy
