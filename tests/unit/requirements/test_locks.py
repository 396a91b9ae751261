"""The lock files: whole, in agreement, and bound to no index."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ("requirements/run.lock", "requirements/test.lock")
# Besides, what the modules need on the oldest Python of a host.
ALL = (*LOCKS, "requirements/target.lock")
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^\s;\\]+)( ; [^\\]*)?", re.MULTILINE)


def pins(name):
    text = (ROOT / name).read_text()
    return {(found[1], found[2], (found[3] or "").strip()) for found in PIN.finditer(text)}


@pytest.mark.parametrize("lock", ALL)
def test_every_pin_has_a_hash(lock):
    entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text())[1:]
    assert len(entries) == len(pins(lock)) > 10
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", ALL)
def test_no_index_is_named(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_the_tests_lock_contains_the_other():
    run, test = ({(name, version) for name, version, _ in pins(lock)} for lock in LOCKS)
    assert run <= test


@pytest.mark.parametrize("source", ["run", "test", "target"])
def test_the_locks_are_made_from_what_is_wanted(source):
    locked = {(name, version) for name, version, _ in pins(f"requirements/{source}.lock")}
    wanted = {
        (found[1], found[2])
        for found in PIN.finditer((ROOT / f"requirements/{source}.in").read_text())
    }
    assert wanted
    assert wanted <= locked


def test_what_excludes_each_other_is_not_together():
    assert "pytest-ansible" not in {name for name, _, _ in pins(LOCKS[1])}


def test_both_lines_of_ansible_are_locked():
    versions = {version.split(".")[0] for name, version, _ in pins(LOCKS[0]) if name == "ansible"}
    assert versions == {"12", "14"}
