"""Tests of the memory and the disk of labs."""

import os
import subprocess

from ansible_collections.slipway.lab.plugins.module_utils.labs.usage import resident, sizes


def process(proc, pid, parent, pages):
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "stat").write_text(f"{pid} (a b) S {parent} 0 0\n")
    if pages:
        (folder / "statm").write_text(f"999 {pages} 1 1 0 1 0\n")


def test_processes_of_nodes_belong_to_their_host(tmp_path):
    for pid, parent, pages in ((1, 0, 7), (10, 1, 2), (11, 10, 3), (12, 11, 4), (20, 1, 50)):
        process(tmp_path, pid, parent, pages)
    process(tmp_path, 13, 12, 0)  # it ends just now
    page = os.sysconf("SC_PAGE_SIZE")
    assert resident([10], tmp_path) == 9 * page
    assert resident([10, 11, 20], tmp_path) == 59 * page
    assert resident([99], tmp_path) == 0


def test_the_kernel_is_read():
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert resident([os.getpid()]) > resident([child.pid]) > 0
    finally:
        child.kill()
        child.wait()


def test_containers_and_volumes_count():
    usage = {
        "Containers": [
            {"Labels": {"slipway": "one"}, "SizeRw": 10},
            {"Labels": None, "SizeRw": 1000},
        ],
        "Volumes": [
            {"Labels": {"slipway": "one"}, "UsageData": {"Size": 5}},
            {"Labels": {"slipway": "two"}, "UsageData": {"Size": -1}},
            {"Labels": {"slipway": "two"}, "UsageData": None},
        ],
    }
    assert sizes(usage) == {"one": 15, "": 1000, "two": 0}
    assert sizes({"Containers": None}) == {}
