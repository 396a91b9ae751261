"""Tests of ``minikube.node_content``: the scripts, with stand-ins for the programs of a node."""

from __future__ import annotations

import os
import subprocess
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube import node_content
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_content import (
    copy_etcd,
    load_images,
    restore_etcd,
)
from support.minikube_profile import node

PROGRAMS = {
    "pgrep": "exec cat etcd.pid",
    "systemctl": 'echo "systemctl $*" >>calls',
    "crictl": 'echo "crictl $1" >>calls',
    "containerd": "exec sleep 60",
    "ctr": 'echo "ctr $*" >>calls\ncase "$*" in *list*) echo etcd:3; echo sha256:1 ;; esac',
}


class ScriptEngine:
    """Runs the scripts of a node in a directory that stands for its file system."""

    def __init__(self, root):
        self.root = root

    def run(self, *_command):
        return SimpleNamespace(returncode=0, stdout="")

    def run_in(self, _container, _shell, options, text, seconds):
        for path in ("/var/lib/", "/var/tmp/", "/etc/containerd/", "/node"):
            text = text.replace(path, f"{self.root}{path}")
        subprocess.run(
            ["sh", options, text],
            cwd=self.root,
            env=os.environ | {"PATH": f"{self.root}/bin:{os.environ['PATH']}"},
            check=True,
        )

    def run_with_volume(self, _image, _volume, _mount, *command, seconds):
        self.run_in("", *command, seconds=seconds)


@pytest.fixture
def engine(tmp_path):
    (tmp_path / "bin").mkdir()
    for name, text in PROGRAMS.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "tmp").mkdir()
    (tmp_path / "node/tmp").mkdir(parents=True)
    (tmp_path / "var/lib/minikube/etcd").mkdir(parents=True)
    (tmp_path / "var/lib/minikube/etcd/db").write_text("before")
    etcd = subprocess.Popen(["sleep", "60"])
    (tmp_path / "etcd.pid").write_text(str(etcd.pid))
    yield ScriptEngine(tmp_path)
    etcd.kill()
    etcd.wait()


def state_of_etcd(engine):
    pid = (engine.root / "etcd.pid").read_text()
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0]


def test_etcd_goes_on_after_the_copy_which_can_be_restored(engine):
    data = engine.root / "var/lib/minikube"
    copy_etcd(engine, "lab")
    assert state_of_etcd(engine) == "S"
    (data / "etcd/db").write_text("after")
    restore_etcd(engine, "lab")
    assert (data / "etcd/db").read_text() == "before"
    assert (data / "etcd-of-failed-upgrade/db").read_text() == "after"
    assert (data / "etcd-before-upgrade/db").read_text() == "before"
    assert (engine.root / "calls").read_text().startswith("systemctl stop kubelet\n")


def test_a_failed_copy_keeps_the_former_one_and_wakes_etcd(engine):
    data = engine.root / "var/lib/minikube"
    copy_etcd(engine, "lab")
    (engine.root / "bin/cp").write_text("#!/bin/sh\nexit 1\n")
    (engine.root / "bin/cp").chmod(0o755)
    with pytest.raises(subprocess.CalledProcessError):
        copy_etcd(engine, "lab")
    assert state_of_etcd(engine) == "S"
    assert (data / "etcd-before-upgrade/db").read_text() == "before"


def test_images_are_exported_from_the_image_and_imported_into_the_node(engine):
    (engine.root / "opt/containerd/io.containerd.content.v1.content").mkdir(parents=True)
    config = engine.root / "etc/containerd/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'version = 2\nroot = "{engine.root}/opt/containerd"\nstate = "/run"\n')
    archive = engine.root / "var" / node_content.ARCHIVE
    archive.parent.mkdir()
    archive.touch()
    load_images(engine, [node("m02")], "slipway/node:2", print)
    calls = (engine.root / "calls").read_text()
    assert f"images export {engine.root}/node/{node_content.ARCHIVE} etcd:3\n" in calls
    assert f"images import --no-unpack {archive}\n" in calls
    assert not archive.exists()


def test_an_image_without_images_inside_changes_nothing(engine):
    load_images(engine, [node("m02")], "kicbase:2", print)
    assert not (engine.root / "calls").exists()
