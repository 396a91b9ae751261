"""Tests of process trees, read from the kernel."""

import os
import subprocess

from ansible_collections.slipway.lab.plugins.module_utils.common.process_tree import (
    drawing,
    namespaces,
    parents,
    tree,
)


def test_children_come_after_their_parent():
    # the child is a copy of the shell until it has become the program
    script = (
        'sleep 60 & until read name </proc/$!/comm && [ "$name" = sleep ]; do :; done; echo; wait'
    )
    shell = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE)
    try:
        shell.stdout.readline()
        found = tree(shell.pid)
        assert [one["depth"] for one in found] == [0, 1]
        assert found[1]["command"] == "sleep 60"
        assert all(one["memory"] > 0 for one in found)
        assert parents()[found[1]["pid"]] == shell.pid
        assert drawing(found).splitlines()[1].startswith("  sleep 60  ")
    finally:
        for one in reversed(tree(shell.pid)):
            os.kill(one["pid"], 9)
        shell.wait()
        shell.stdout.close()


def test_a_name_may_hold_anything(tmp_path):
    (tmp_path / "7").mkdir()
    (tmp_path / "7/stat").write_text("7 (a) S 1 (b) S 5 7 7\n")
    assert parents(tmp_path) == {7: 5}


def test_own_namespaces():
    assert namespaces(os.getpid())["pid"] == os.readlink("/proc/self/ns/pid")
