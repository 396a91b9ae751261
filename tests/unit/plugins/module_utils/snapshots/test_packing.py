"""Tests of packing and unpacking with real programs."""

import threading
import time

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.errors import (
    DamagedError,
    SnapshotError,
)
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.packing import (
    Packer,
    make_pipe,
    verify,
)

TEXT = "slipway\n" * 50_000


@pytest.fixture
def source(tmp_path):
    (tmp_path / "source").write_text(TEXT)
    return tmp_path / "source"


def through(tmp_path, source, pipes):
    """Pack and unpack a file; return the part, and what the last program printed."""
    packer, file = Packer(), tmp_path / "p.zst"
    if pipes:
        pipe = make_pipe(tmp_path, "in")
        part = packer.pack(["sh", "-c", f"cat {source} >{pipe}"], file, 7, pipe)
        back = make_pipe(tmp_path, "out")
        command = ["sh", "-c", f"head -c {len(TEXT)} {back} | tee {tmp_path}/target | wc -c"]
        return part, packer.unpack(part, file, command, back)
    part = packer.pack(["cat", str(source)], file, 7, None)
    return part, packer.unpack(part, file, ["sh", "-c", f"tee {tmp_path}/target | wc -c"], None)


@pytest.mark.parametrize("pipes", [False, True])
def test_what_is_packed_comes_back(tmp_path, source, pipes):
    part, printed = through(tmp_path, source, pipes)
    assert (tmp_path / "target").read_text() == TEXT
    assert (printed, part.content, part.size) == (
        str(len(TEXT)),
        7,
        (tmp_path / "p.zst").stat().st_size,
    )
    verify(part, tmp_path / "p.zst")


@pytest.mark.parametrize("pipes", [False, True])
@pytest.mark.parametrize("change", ["flip", "cut", "remove"])
def test_a_damaged_part_is_an_error(tmp_path, source, pipes, change):
    part, _ = through(tmp_path, source, False)
    file = tmp_path / "p.zst"
    content = file.read_bytes()
    if change == "remove":
        file.unlink()
    else:
        file.write_bytes(content[:-9] if change == "cut" else b"\xff" + content[1:])
    pipe = make_pipe(tmp_path, "x") if pipes else None
    command = ["sh", "-c", f"cat {pipe or ''} >/dev/null"]
    with pytest.raises(DamagedError, match=r"p\.zst is damaged or missing"):
        Packer().unpack(part, file, command, pipe)
    with pytest.raises(DamagedError):
        verify(part, file)


@pytest.mark.parametrize("pipes", [False, True])
def test_a_program_that_fails_is_named_with_its_reason(tmp_path, source, pipes):
    part, _ = through(tmp_path, source, False)
    pipe = make_pipe(tmp_path, "x") if pipes else None
    failing = ["sh", "-c", "echo no space >&2; exit 3"]
    with pytest.raises(SnapshotError, match=r"sh -c failed \(3\): no space"):
        Packer().pack(failing, tmp_path / "other", 1, pipe)
    with pytest.raises(SnapshotError, match=r"sh -c failed \(3\): no space"):
        Packer().unpack(part, tmp_path / "p.zst", failing, pipe)


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(SnapshotError, match="no-such-program cannot be started"):
        Packer().pack(["no-such-program"], tmp_path / "p", 1, None)


def test_an_interruption_ends_the_programs(tmp_path):
    packer = Packer()
    timer = threading.Timer(0.5, packer.interrupt)
    timer.start()
    began = time.monotonic()
    with pytest.raises(SnapshotError, match="failed"):
        packer.pack(["sleep", "60"], tmp_path / "p", 1, None)
    assert time.monotonic() - began < 30


def test_a_program_that_starts_after_the_interruption_ends_too(tmp_path):
    """Another thread can be about to start its program when the signal comes."""
    packer = Packer()
    packer.interrupt()
    began = time.monotonic()
    with pytest.raises(SnapshotError, match="failed"):
        packer.pack(["sleep", "60"], tmp_path / "p", 1, None)
    assert time.monotonic() - began < 30
