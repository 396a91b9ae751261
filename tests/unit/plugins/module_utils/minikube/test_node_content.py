"""Tests of ``minikube.node_content``: the scripts, with stand-ins for the programs of a node."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube import node_content
from ansible_collections.slipway.lab.plugins.module_utils.minikube.node_content import load_images
from support.minikube_profile import node
from support.node_scripts import ScriptEngine


@pytest.fixture
def engine(tmp_path):
    return ScriptEngine(tmp_path)


def test_images_are_exported_from_the_image_and_imported_into_the_node(engine):
    (engine.root / "opt/containerd/io.containerd.content.v1.content").mkdir(parents=True)
    config = engine.root / "etc/containerd/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'version = 2\nroot = "{engine.root}/opt/containerd"\nstate = "/run"\n')
    archive = engine.root / "var" / node_content.ARCHIVE
    archive.parent.mkdir(parents=True)
    archive.touch()
    load_images(engine, [node("m02")], "slipway/node:2", print)
    assert f"images export {engine.root}/node/{node_content.ARCHIVE} etcd:3\n" in engine.calls()
    assert f"images import --no-unpack {archive}\n" in engine.calls()
    assert not archive.exists()


@pytest.mark.parametrize("known", [True, False])
def test_programs_of_a_new_version_are_copied_and_running_ones_are_kept(engine, known):
    source = engine.root / "var/lib/minikube/binaries/v1.36.0"
    source.mkdir(parents=True)
    (engine.root / "kubelet").write_text("new")
    (source / "kubelet").symlink_to(engine.root / "kubelet")
    target = engine.root / "node/lib/minikube/binaries/v1.36.0"
    if known:
        target.mkdir(parents=True)
        (target / "kubelet").write_text("running")
    load_images(engine, [node("m02")], "slipway/node:2", print)
    assert not (target / "kubelet").is_symlink()
    assert (target / "kubelet").read_text() == ("running" if known else "new")


def test_an_image_without_content_changes_nothing(engine):
    load_images(engine, [node("m02")], "kicbase:2", print)
    assert engine.calls() == ""
