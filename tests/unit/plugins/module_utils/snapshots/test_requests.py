"""Tests of the requests that create containers again."""

from pathlib import Path

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.manifest import Manifest
from ansible_collections.slipway.lab.plugins.module_utils.snapshots.requests import (
    Target,
    container_name,
    creation,
    labels_of,
    local_path,
)

MANIFEST = Manifest(
    "one", 0, {}, {"name": "alice", "uid": 1001, "gid": 100},
    {"state": "/home/alice/state/one", "cache": "/home/alice/cache"},
)  # fmt: skip
LABELS = {"slipway.owner": "bob", "slipway.uid": "1002"}
TARGET = Target("two", Path("/home/bob/state/two"), Path("/home/bob/cache"), LABELS, "1002:100")
SAVED = {
    "config": {"User": "1001:100", "Labels": {"slipway": "one", "slipway.host": "lab1"}, "Hostname": "lab1"},
    "host": {
        "NetworkMode": "slipway-one",
        "Binds": ["/home/alice/state/one/ssh:/etc/slipway:ro", "/sys/fs/cgroup:/sys/fs/cgroup:rw"],
        "Mounts": [{"Type": "volume", "Source": "v", "VolumeOptions": {"Labels": {"slipway": "one"}}}],
    },
    "addresses": {"slipway-one": {"IPAMConfig": {"IPv4Address": "10.213.0.11"}}},
}  # fmt: skip


def test_a_container_gets_the_names_paths_and_owner_of_its_new_lab():
    body = creation(MANIFEST, TARGET, SAVED, "slipway/restored:1", {"v": "w"})
    labels = {"slipway": "two", "slipway.owner": "bob", "slipway.uid": "1002"}
    assert body == {
        "User": "1002:100", "Image": "slipway/restored:1", "Hostname": "lab1",
        "Labels": labels | {"slipway.host": "lab1"},
        "HostConfig": {
            "NetworkMode": "slipway-two",
            "Binds": ["/home/bob/state/two/ssh:/etc/slipway:ro", "/sys/fs/cgroup:/sys/fs/cgroup:rw"],
            "Mounts": [{"Type": "volume", "Source": "w", "VolumeOptions": {"Labels": labels}}],
        },
        "NetworkingConfig": {"EndpointsConfig": {"slipway-two": SAVED["addresses"]["slipway-one"]}},
    }  # fmt: skip
    assert SAVED["host"]["Mounts"][0]["Source"] == "v"


def test_only_names_and_paths_of_the_lab_change():
    assert container_name(MANIFEST, TARGET, "slipway-one-lab1") == "slipway-two-lab1"
    for name in ("host", "slipway-onerous-lab1"):
        assert container_name(MANIFEST, TARGET, name) == name
    assert local_path(MANIFEST, TARGET, "/home/alice/cache/apt") == "/home/bob/cache/apt"
    for path in ("/home/alice/cachet", "/dev/null"):
        assert local_path(MANIFEST, TARGET, path) == path
    assert labels_of(TARGET, None)["slipway"] == "two"
