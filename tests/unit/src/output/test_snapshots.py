"""Tests of ``slipway.output.snapshots``."""

import time

from slipway.output.snapshots import show_snapshot, show_snapshots

ONE = {
    "name": "clean", "problem": "", "lab": "one", "created": 0.0, "size": 2**30, "content": 2**31, "subnet": "",
    "path": "/snapshots/clean", "owner": "alice", "architecture": "x86_64", "parts": {"state": 2**29},
}  # fmt: skip


def test_a_table_of_snapshots(capsys):
    broken = {"name": "broken", "problem": "it is damaged"}
    show_snapshots([{**ONE, "created": time.time() - 7200}, broken])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [
        ["clean", "one", "2", "h", "1.0", "GiB"], ["broken", "it", "is", "damaged"],
    ]  # fmt: skip


def test_one_snapshot(capsys):
    show_snapshot(ONE)
    shown = capsys.readouterr().out
    for text in ("by alice on x86_64", "network none", "restored 2.0 GiB", "state  0.5 GiB"):
        assert text in shown


def test_a_snapshot_that_cannot_be_used(capsys):
    show_snapshot({"problem": "it is damaged"})
    assert capsys.readouterr().out.strip() == "it is damaged"
