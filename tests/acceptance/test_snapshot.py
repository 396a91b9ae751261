"""A real lab is saved under write load, changed, and restored."""

import json
import os
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

HOST = "slipway-acceptance-lab1"
NAME = "acceptance-clean"


class Writer(threading.Thread):
    """Writes rows into etcd through the API server, and counts those that were acknowledged."""

    def __init__(self, client):
        super().__init__()
        self.client = client
        self.acknowledged = []
        self.ending = threading.Event()

    def run(self):
        number = 0
        while not self.ending.is_set():
            number += 1
            row = {"metadata": {"name": f"row-{number}", "labels": {"rows": "yes"}}}
            try:
                self.client.post("/api/v1/namespaces/default/configmaps", row)
            except Exception:
                time.sleep(0.2)  # the lab has stopped, or starts
            else:
                self.acknowledged.append((f"row-{number}", time.time()))


def rows(client):
    found = client.get("/api/v1/namespaces/default/configmaps?labelSelector=rows%3Dyes")
    return {one["metadata"]["name"] for one in found["items"]}


def docker(*arguments):
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
    return done.stdout.split()


def volumes():
    return docker("volume", "ls", "--quiet", "--filter", "label=slipway=acceptance")


def folder():
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(data) / "slipway/snapshots" / NAME


def answers(lab):
    with urllib.request.urlopen(lab["app"]["url"], timeout=10) as response:
        return response.status == 200


@pytest.fixture(scope="module")
def saved(lab, slipway, client):
    """The lab is saved while rows are written, and continues."""
    slipway.run("snapshot", "delete", NAME)
    writer = Writer(client)
    writer.start()
    try:
        time.sleep(5)
        began = time.monotonic()
        result = slipway.json("snapshot", "save", NAME)
        print(f"saved in {time.monotonic() - began:.1f} s, {result['snapshot']['size'] >> 20} MiB")
    finally:
        writer.ending.set()
        writer.join()
    yield {**result, "acknowledged": writer.acknowledged}
    slipway.run("snapshot", "delete", NAME)


def test_a_saved_lab_continues(lab, slipway, client, saved):
    assert answers(lab) and saved["snapshot"]["problem"] == ""
    assert {name for name, _ in saved["acknowledged"]} <= rows(client)
    assert (folder() / "manifest.json").stat().st_mode & 0o077 == 0
    shown = slipway.json("snapshot", "show", NAME, "--verify")
    assert shown == saved["snapshot"]
    again = slipway.run("snapshot", "save", NAME)
    assert again.returncode == 1 and "exists already" in again.stderr


def test_a_damaged_snapshot_leaves_the_lab_running(lab, slipway, saved):
    (part,) = [path for path in folder().iterdir() if path.name.endswith("lab1-docker.tar.zst")]
    content = part.read_bytes()
    before = volumes()
    part.write_bytes(content[: len(content) // 2] + b"?" + content[len(content) // 2 + 1 :])
    try:
        done = slipway.run("snapshot", "restore", NAME, "--force")
    finally:
        part.write_bytes(content)
    assert done.returncode == 1 and "is damaged" in done.stderr
    assert answers(lab) and volumes() == before


def test_a_living_lab_is_replaced_only_by_force(lab, slipway, client, saved):
    refused = slipway.run("snapshot", "restore", NAME)
    assert refused.returncode == 1 and "allow that with --force" in refused.stderr
    client.post("/api/v1/namespaces/default/configmaps",
                {"metadata": {"name": "later", "labels": {"rows": "yes"}}})  # fmt: skip
    began = time.monotonic()
    assert slipway.json("snapshot", "restore", NAME, "--force")["ok"]
    print(f"restored in {time.monotonic() - began:.1f} s")
    assert answers(lab)
    found = rows(client)
    before = {name for name, when in saved["acknowledged"] if when < saved["snapshot"]["created"]}
    assert len(before) > 10 and before <= found
    assert "later" not in found
    assert len(volumes()) == 2
    assert slipway.json("up")["changed"] == 0


def test_a_save_that_is_interrupted_leaves_no_snapshot_and_a_lab_that_runs(lab, slipway, saved):
    process = slipway.start("snapshot", "save", "acceptance-cut")
    limit = time.monotonic() + 900
    while time.monotonic() < limit and not list(folder().parent.glob(".unfinished-*/*.zst")):
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=900)
    assert process.returncode == 130, errors[-3000:]
    assert list(folder().parent.glob(".unfinished-*")) == []
    listed = json.loads(slipway.run("snapshot", "list", "--json").stdout)["snapshots"]
    assert "acceptance-cut" not in [one["name"] for one in listed]
    assert answers(lab)


def test_a_removed_lab_comes_back_and_is_the_same(lab, slipway, client, saved):
    slipway.json("down")
    assert docker("ps", "--all", "--quiet", "--filter", "label=slipway=acceptance") == []
    assert docker("image", "ls", "--quiet", "--filter", "label=slipway.restored=acceptance") == []
    assert slipway.json("snapshot", "restore", NAME)["ok"]
    assert answers(lab) and "later" not in rows(client)
    assert slipway.json("up")["changed"] == 0
