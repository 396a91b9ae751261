"""Tests of ``artifacts.expiry``."""

from __future__ import annotations

import fcntl
import os
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts.expiry import (
    mark_used,
    remove_over_limit,
    remove_unused,
)


@pytest.fixture
def cache(tmp_path):
    """A cache with three versions of a program, not used for 1, 40 and 50 days, and one of a foreign kind."""
    for name, key, days in (
        ("etcd", "young", 1),
        ("etcd", "old", 40),
        ("etcd", "current", 50),
        ("other", "old", 99),
    ):
        home = tmp_path / name / key
        home.mkdir(parents=True)
        (home / "bin").touch()
        (home / "artifact.json").touch()
        used = time.time() - days * 86400
        os.utime(home / "artifact.json", (used, used))
        (tmp_path / name / ".lock").touch()
    (tmp_path / "etcd/.half.work").mkdir()
    return tmp_path


def test_only_unused_artifacts_of_the_named_kinds_are_removed(cache):
    assert remove_unused(cache, {"etcd": "current", "absent": "key"}, 30) == ["etcd/old"]
    assert sorted(path.name for path in (cache / "etcd").iterdir()) == [
        ".half.work",
        ".lock",
        "current",
        "young",
    ]
    assert (cache / "other/old/bin").exists()


def test_a_used_artifact_stays(cache):
    mark_used(cache, "etcd", "old")
    assert remove_unused(cache, {"etcd": "current"}, 30) == []


def test_a_kind_that_another_run_makes_is_left_alone(cache):
    with (cache / "etcd/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert remove_unused(cache, {"etcd": "current"}, 30) == []


@pytest.fixture
def sized(cache):
    """The cache with a program of 1000 bytes in each version, one of which has a second name."""
    for number, path in enumerate(sorted(cache.glob("*/*/bin"))):
        path.write_bytes(bytes([number]) * 1000)
    os.link(cache / "etcd/current/bin", cache / "etcd/current/same")
    return cache


@pytest.mark.parametrize(
    ("limit", "removed"),
    [
        (4000, []),
        (3999, ["other/old"]),
        (2500, ["other/old", "etcd/old"]),
        (1, ["other/old", "etcd/old", "etcd/young"]),
    ],
)
def test_the_least_recently_used_artifacts_are_removed_down_to_a_size(sized, limit, removed):
    assert remove_over_limit(sized, {"etcd": "current"}, limit) == removed
    assert (sized / "etcd/current/bin").exists()
    assert not any((sized / one).exists() for one in removed)


def test_an_artifact_that_another_run_makes_stays_in_a_full_cache(sized):
    with (sized / "other/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert remove_over_limit(sized, {"etcd": "current"}, 3999) == ["etcd/old"]
