"""Tests of ``minikube.data_guard``: the scripts, with stand-ins for the programs of a node."""

from __future__ import annotations

import subprocess

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.data_guard import (
    copy_data,
    guard_data,
    has_same_data,
    restore_data,
)
from support.node_scripts import ScriptEngine


@pytest.fixture
def engine(tmp_path):
    """A control plane whose etcd is a process that sleeps."""
    data = tmp_path / "var/lib/minikube"
    (data / "etcd/member").mkdir(parents=True)
    (data / "etcd/member/db").write_text("before")
    (data / "certs").mkdir()
    (data / "certs/sa.key").write_text("key")
    etcd = subprocess.Popen(["sleep", "60"])
    (tmp_path / "etcd.pid").write_text(str(etcd.pid))
    yield ScriptEngine(tmp_path)
    etcd.kill()
    etcd.wait()


@pytest.fixture
def data(engine):
    return engine.root / "var/lib/minikube"


def is_suspended(engine):
    """Return whether etcd is stopped by a signal; otherwise it sleeps, or runs at this moment."""
    pid = (engine.root / "etcd.pid").read_text()
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "T"


def test_etcd_continues_after_the_copy_which_can_be_restored(engine, data):
    copy_data(engine, "lab")
    assert not is_suspended(engine)
    (data / "etcd/member/db").write_text("after")
    assert has_same_data(engine, "lab")
    restore_data(engine, "lab")
    assert (data / "etcd/member/db").read_text() == "before"
    assert (data / "of-failed-upgrade/etcd/member/db").read_text() == "after"
    assert (data / "before-upgrade/etcd/member/db").read_text() == "before"
    assert engine.calls().startswith("systemctl stop kubelet\n")


def test_deleted_data_are_recognized_and_restored(engine, data):
    copy_data(engine, "lab")
    (data / "etcd/member").rename(data / "elsewhere")
    (data / "certs/sa.key").unlink()
    assert not has_same_data(engine, "lab")
    (data / "etcd/member").mkdir()
    assert not has_same_data(engine, "lab")
    restore_data(engine, "lab")
    assert (data / "etcd/member/db").read_text() == "before"
    assert (data / "certs/sa.key").read_text() == "key"


def test_a_failed_copy_keeps_the_former_one_and_resumes_etcd(engine, data):
    copy_data(engine, "lab")
    engine.add_program("cp", "exit 1")
    with pytest.raises(subprocess.CalledProcessError):
        copy_data(engine, "lab")
    assert not is_suspended(engine)
    assert (data / "before-upgrade/etcd/member/db").read_text() == "before"


@pytest.mark.parametrize("linked", [True, False])
def test_a_reset_is_refused_and_every_other_command_is_passed_on(engine, linked):
    folder = engine.root / "node/lib/minikube/binaries/v1.35.1"
    folder.mkdir(parents=True)
    real = engine.root / "kubeadm" if linked else folder / "kubeadm"
    real.write_text('#!/bin/sh\necho "kubeadm $*"\n')
    real.chmod(0o755)
    if linked:
        (folder / "kubeadm").symlink_to(real)
    guard_data(engine, "lab", "node:1")
    guard_data(engine, "lab", "node:1")

    def kubeadm(*arguments):
        return subprocess.run(
            [folder / "kubeadm", *arguments], capture_output=True, text=True, check=False
        )

    refused = kubeadm("reset", "--cri-socket", "/run/containerd/containerd.sock", "--force")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "The data of the cluster are kept" in refused.stderr
    assert kubeadm("init", "phase", "certs", "all").stdout == "kubeadm init phase certs all\n"


def test_a_volume_without_programs_needs_no_guard(engine):
    (engine.root / "node").mkdir()
    guard_data(engine, "lab", "node:1")
