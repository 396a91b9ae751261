"""The cache of artifacts: keys, states, repair, errors."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.artifacts import checksums
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import (
    Artifact,
    ArtifactError,
)
from ansible_collections.slipway.lab.plugins.module_utils.artifacts.cache import ArtifactCache

ROOT = Path(__file__).resolve().parents[5]


def shell(name, script, **options):
    return Artifact(name=name, output="out", command=["sh", "-euc", script], **options)


def make(cache, *artifacts):
    for artifact in artifacts:
        cache.key(artifact)
    return [cache.make(artifact) for artifact in artifacts]


def living_members(group):
    """Return the processes of a group; what only waits to be reaped does not live."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, found = stat.read_text().rpartition(")")[2].split()[:3]
            if int(found) == group and state != "Z":
                members.append(stat.parent.name)
    return members


@pytest.fixture
def cache(tmp_path):
    return ArtifactCache(str(tmp_path / "cache"))


def test_is_made_once(cache, tmp_path):
    artifact = shell("a", f"echo x >> {tmp_path}/runs; echo content > out")
    assert make(cache, artifact) == [True]
    assert make(cache, artifact) == [False]
    assert (tmp_path / "runs").read_text() == "x\n"
    assert cache.path(artifact).read_text() == "content\n"


def test_a_corrupt_file_is_noticed_and_made_again(cache):
    artifact = shell("a", "mkdir out; echo content > out/file")
    make(cache, artifact)
    (cache.path(artifact) / "file").write_text("Content\n")
    assert cache.state(artifact) == "corrupt"
    assert make(cache, artifact) == [True]
    assert (cache.path(artifact) / "file").read_text() == "content\n"


def test_a_change_that_hides_its_time_and_size_is_noticed(cache):
    artifact = shell("a", "echo content > out")
    make(cache, artifact)
    path = cache.path(artifact)
    before = path.stat()
    path.write_text("Content\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cache.state(artifact) == "corrupt"


def test_files_that_nobody_touched_are_not_read_again(cache, monkeypatch):
    artifact = shell("a", "echo content > out")
    make(cache, artifact)
    path = cache.path(artifact)
    path.touch()
    assert cache.state(artifact) == "present"  # read, for its time is another
    monkeypatch.setattr(checksums, "file_sha256", lambda path: pytest.fail("was read"))
    assert cache.state(artifact) == "present"


@pytest.mark.parametrize(
    "change",
    [
        {"command": ["sh", "-c", "true"]},
        {"inputs": {"version": 2}},
        {"output": "other"},
    ],
)
def test_key_follows_what_decides_the_content(tmp_path, change):
    before = shell("a", "echo > out", inputs={"version": 1})
    after = Artifact(**{**before.__dict__, **change})
    assert ArtifactCache(str(tmp_path)).key(before) != ArtifactCache(str(tmp_path)).key(after)


def test_key_follows_the_content_of_files_not_their_place(tmp_path):
    keys = []
    for folder, text in (("one", "same"), ("two", "same"), ("three", "other")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "go.sum").write_text(text)
        artifact = shell("a", "echo > out", files=[str(tmp_path / folder / "go.sum")])
        keys.append(ArtifactCache(str(tmp_path)).key(artifact))
    assert keys[0] == keys[1] != keys[2]


def test_environment_is_no_part_of_the_key(tmp_path):
    one = shell("a", "echo > out", environment={"HOME": "/one"})
    two = shell("a", "echo > out", environment={"HOME": "/two"})
    assert ArtifactCache(str(tmp_path)).key(one) == ArtifactCache(str(tmp_path)).key(two)


def test_refers_to_earlier_artifacts_by_key_and_path(cache):
    first = shell("first", "echo 1 > out")
    second = Artifact("second", "out", ["sh", "-c", "cat {path:first} > out"])
    make(cache, first, second)
    assert cache.path(second).read_text() == "1\n"

    changed = ArtifactCache(str(cache.directory))
    assert changed.key(shell("first", "echo 2 > out")) != cache.key(first)
    assert changed.key(second) != cache.key(second)


def test_reference_to_a_later_artifact_is_an_error(cache):
    with pytest.raises(ArtifactError, match="refers to first, which is not earlier in the list"):
        cache.key(Artifact("second", "out", ["cat", "{path:first}"]))


def test_needed_skips_the_steps_on_the_way_to_what_is_there(cache):
    first = shell("first", "echo 1 > out")
    second = Artifact("second", "out", ["sh", "-c", "cat {path:first} > out"])
    assert cache.needed([first, second], ["second"]) == {"first": "absent", "second": "absent"}
    make(cache, first, second)
    cache.path(first).unlink()
    assert cache.needed([first, second], ["second"]) == {"second": "present"}


def test_failed_command_is_told_with_its_last_lines(cache):
    with pytest.raises(ArtifactError, match=r"(?s)a: sh ended with 3.*no such package"):
        make(cache, shell("a", "echo no such package; exit 3"))
    assert cache.state(shell("a", "echo no such package; exit 3")) == "absent"


def test_full_disk_is_named(cache):
    with pytest.raises(ArtifactError, match="the disk is full"):
        make(cache, shell("a", "echo 'write: No space left on device' >&2; exit 1"))


def test_missing_program_is_named(cache):
    with pytest.raises(ArtifactError, match="no-such-program is not installed"):
        make(cache, Artifact("a", "out", ["no-such-program"]))


def test_missing_input_is_named(cache):
    with pytest.raises(ArtifactError, match="input file cannot be read"):
        cache.key(shell("a", "true", files=["/nonexistent/go.sum"]))


def test_command_that_leaves_nothing_is_an_error(cache):
    with pytest.raises(ArtifactError, match="left no out"):
        make(cache, shell("a", "true"))


def test_what_a_killed_build_left_is_cleared(cache):
    artifact = shell("a", "[ ! -e leftover ]; echo > out")
    work = cache.directory / "a" / f".{cache.key(artifact)}.work"
    work.mkdir(parents=True)
    (work / "leftover").touch()
    assert make(cache, artifact) == [True]


def test_second_run_waits_for_the_first(tmp_path):
    artifact = shell("a", f"echo x >> {tmp_path}/runs; sleep 0.5; echo > out")
    program = (
        "import json, sys; sys.path.insert(0, sys.argv[1])\n"
        "from ansible_collections.slipway.lab.plugins.module_utils.artifacts.artifact import Artifact\n"
        "from ansible_collections.slipway.lab.plugins.module_utils.artifacts.cache import ArtifactCache\n"
        "print(ArtifactCache(sys.argv[2]).make(Artifact(**json.loads(sys.argv[3]))))"
    )
    utils = str(ROOT / "collections")
    run = [sys.executable, "-c", program, utils, str(tmp_path / "c"), json.dumps(artifact.__dict__)]
    runs = [subprocess.Popen(run, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = sorted(run.communicate()[0].strip() for run in runs)
    assert answers == ["False", "True"]
    assert (tmp_path / "runs").read_text() == "x\n"


@pytest.mark.slow
def test_build_ends_with_the_process_that_it_is_made_for(tmp_path):
    owner = subprocess.Popen(["sleep", "60"])
    cache = ArtifactCache(str(tmp_path / "c"), owner=owner.pid)
    artifact = shell("a", f"echo $$ > {tmp_path}/pid; sleep 60 & wait")
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    began = time.monotonic()
    with pytest.raises(ArtifactError):
        make(cache, artifact)
    assert time.monotonic() - began < 30
    group = int((tmp_path / "pid").read_text())
    # the signal has reached all members; one may still be on its way out
    while living_members(group) and time.monotonic() - began < 30:
        time.sleep(0.01)
    assert living_members(group) == []
