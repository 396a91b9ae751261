"""Tests of the checks in ``slipway.doctor.resources``."""

import json
from types import SimpleNamespace

import pytest

from slipway.doctor import resources
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import put


@pytest.mark.parametrize(
    ("kib", "level"),
    [(2 * 2**20, "error"), (4 * 2**20, "warning"), (8 * 2**20, "ok")],
)
def test_memory(machine, kib, level):
    put(machine, "proc/meminfo", f"MemTotal: 1 kB\nMemAvailable: {kib} kB\n")
    assert resources.memory(machine).level == level


def test_memory_within_the_limit_of_a_container(machine):
    put(machine, "proc/meminfo", f"MemAvailable: {64 * 2**20} kB\n")
    put(machine, "sys/fs/cgroup/memory.max", str(4 * 2**30))
    put(machine, "sys/fs/cgroup/memory.current", str(2**30))
    assert resources.memory_available(machine) == 3 * 2**30
    put(machine, "sys/fs/cgroup/memory.max", "max")
    assert resources.memory_available(machine) == 64 * 2**30


def test_memory_that_the_lab_itself_uses_is_no_trouble(machine):
    put(machine, "proc/meminfo", "MemAvailable: 1024 kB\n")
    machine.docker = DockerState(version="26", containers=[{"State": "running"}])
    assert resources.memory(machine).level == "ok"


def test_a_disk_is_found_before_its_directory_exists(machine):
    assert "free for" in resources.cache_disk(machine).message


@pytest.mark.parametrize(
    ("files", "available", "level"), [(10**6, 10, "error"), (10**6, 10**6, "ok"), (0, 0, "ok")]
)
def test_a_disk_without_inodes(machine, monkeypatch, files, available, level):
    monkeypatch.setattr(resources, "DISK_MINIMUM", 0)
    monkeypatch.setattr(resources, "DISK_ADVISED", 0)
    blocks = {f"f_{name}": 10**9 for name in ("bavail", "blocks", "bfree")}
    counts = SimpleNamespace(f_files=files, f_favail=available, f_frsize=4096, **blocks)
    monkeypatch.setattr(resources.os, "statvfs", lambda _path: counts)
    assert resources.cache_disk(machine).level == level


def test_docker_disk_is_that_of_the_declared_data_root(machine, tmp_path):
    put(machine, "etc/docker/daemon.json", json.dumps({"data-root": str(tmp_path / "data")}))
    assert str(tmp_path / "data") in resources.docker_disk(machine).message
