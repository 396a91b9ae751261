"""Tests of ``oci.context_image``."""

from __future__ import annotations

import os
import subprocess
from types import SimpleNamespace

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.oci.context_image import (
    EngineImages,
    build,
    find_containerfile,
    key,
)
from ansible_collections.slipway.lab.plugins.module_utils.oci.registry import RegistryError
from support.image_nodes import install

REGISTRY = SimpleNamespace(host="registry:5000", digest=lambda name: f"sha256:{name}")
OPTIONS = {"build_args": {}, "labels": {}}


@pytest.fixture
def context(tmp_path):
    (tmp_path / "Containerfile").write_text("FROM registry:5000/base:1\nCOPY app /app\n")
    (tmp_path / "app").write_text("x")
    return tmp_path


def key_of(context, registry=REGISTRY, **options):
    return key(registry, context, context / "Containerfile", {**OPTIONS, **options})


def test_the_key_depends_on_everything_in_the_image(context):
    keys = [
        key_of(context),
        key_of(context, build_args={"A": "1"}),
        key_of(context, labels={"a": "1"}),
    ]
    other_base = SimpleNamespace(host="registry:5000", digest=lambda name: "sha256:other")
    keys.append(key_of(context, other_base))
    (context / "app").write_text("y")
    keys.append(key_of(context))
    (context / "app").chmod(0o755)
    keys.append(key_of(context))
    assert len(set(keys)) == len(keys)
    assert key_of(context) == keys[-1]


def test_what_docker_ignores_is_not_part_of_the_key(context):
    (context / ".dockerignore").write_text("*.log\n")
    before = key_of(context)
    (context / "debug.log").write_text("x")
    assert key_of(context) == before
    (context / "link").symlink_to(".")
    assert key_of(context) != before


def test_the_containerfile_has_one_of_two_names(context):
    assert find_containerfile(context, None).name == "Containerfile"
    with pytest.raises(RegistryError, match="has no Other"):
        find_containerfile(context, "Other")
    (context / "Containerfile").rename(context / "Dockerfile")
    assert find_containerfile(context, None).name == "Dockerfile"


def runner(calls, failing=""):
    def run(command, **more):
        calls.append(command[1])
        code = 1 if command[1] == failing else 0
        return subprocess.CompletedProcess(command, code, "first\nlast", "")

    return run


@pytest.fixture
def docker(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker").write_text("#!/bin/sh\n")
    (folder / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_local_copy_is_removed_after_the_push(context, docker):
    calls = []
    options = {**OPTIONS, "key": "k"}
    build("registry:5000/web:1", context, context / "Containerfile", options, runner(calls))
    assert calls == ["build", "push", "rmi"]


def test_a_failed_step_shows_the_end_of_its_output(context, docker):
    calls = []
    options = {**OPTIONS, "key": "k"}
    with pytest.raises(RegistryError, match="docker push ended with 1:\nfirst\nlast"):
        build(
            "registry:5000/web:1",
            context,
            context / "Containerfile",
            options,
            runner(calls, "push"),
        )
    assert calls == ["build", "push", "rmi"]


def test_an_image_of_the_engine_is_neither_pulled_nor_pushed(context, tmp_path, monkeypatch):
    program = install(tmp_path / "bin", {})
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    lines = []
    options = {"build_args": {}, "labels": {"a": "1"}}
    assert EngineImages().digest("web:1") is None
    build("web:1", context, context / "Containerfile", options, push=False, report=lines.append)
    assert "Step 1/1 : FROM scratch" in lines
    built = EngineImages().described("web:1")
    assert built["settings"] == {"ExposedPorts": {}, "Labels": {"a": "1"}}
    assert built["digest"].startswith("sha256:")
    log = (program.parent / "log").read_text()
    assert "push" not in log and "--pull" not in log and "rmi" not in log


def test_a_build_that_fails_shows_the_end_of_its_output(context, tmp_path, monkeypatch):
    program = install(tmp_path / "bin", {}, broken="COPY failed")
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    with pytest.raises(
        RegistryError, match=r"docker build ended with 1:\nStep 1/1 : FROM scratch\s+COPY failed"
    ):
        build("web:1", context, context / "Containerfile", OPTIONS, push=False, report=print)


def test_the_base_images_of_the_engine_are_part_of_the_key(context, tmp_path, monkeypatch):
    keys = []
    for number in ("1", "2"):
        base = {"registry:5000/base:1": {"Id": f"sha256:{number}"}}
        program = install(tmp_path / "bin", {}, engine=base)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        keys.append(key_of(context, EngineImages()))
    assert keys[0] != keys[1]
