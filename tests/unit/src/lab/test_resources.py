"""Tests of ``slipway.lab.resources``."""

from pathlib import Path

from slipway.lab.resources import read_resources


def test_the_resources_of_this_machine(tmp_path):
    found = read_resources(tmp_path / "not/yet")
    assert found["cpus"] >= 1
    assert 0 < found["memory_available_bytes"] <= found["memory_bytes"]
    assert found["disk_free_bytes"] > 0


def test_sizes_are_bytes(tmp_path, monkeypatch):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:  2048 kB\nMemAvailable: 1024 kB\nHugePages_Total: 0\n")
    monkeypatch.setattr("slipway.lab.resources.MEMINFO", meminfo)
    found = read_resources(tmp_path)
    assert (found["memory_bytes"], found["memory_available_bytes"]) == (2**21, 2**20)
    monkeypatch.setattr("slipway.lab.resources.MEMINFO", Path("/no/such/file"))
    assert read_resources(tmp_path)["memory_bytes"] == 0
