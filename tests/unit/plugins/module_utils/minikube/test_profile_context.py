"""Tests of ``minikube.profile_context``."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.cli import MinikubeError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.engine import EngineError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.errors import SpecError
from ansible_collections.slipway.lab.plugins.module_utils.minikube.profile_context import (
    ProfileContext,
)
from support.minikube_profile import DEFAULTS


@pytest.fixture
def create(tmp_path, monkeypatch):
    """Create a context on a host without programs, as an unprivileged user."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    params = {
        **DEFAULTS, "environment": {}, "home": str(tmp_path), "kubeconfig": None, "timeout": 60,
        "progress_file": "", "executable": "minikube",
    }  # fmt: skip
    return lambda check_mode=False, **more: ProfileContext({**params, **more}, check_mode)


def install(folder, name, text="exit 0"):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_missing_minikube_is_an_error(create):
    with pytest.raises(SpecError, match="'minikube' is not installed on this host"):
        create().check_programs()


def test_check_mode_and_a_deletion_need_no_programs(create):
    create(check_mode=True).check_programs()
    context = create(state="absent")
    context.check_programs()
    assert context.engine is None and context.reader.engine is None


def test_an_engine_that_does_not_answer_is_an_error(create, tmp_path):
    install(tmp_path, "docker", "exit 1")
    with pytest.raises(EngineError):
        create(check_mode=True).check_programs()


def test_existing_nodes_are_read_with_their_own_engine(create, tmp_path):
    install(tmp_path, "podman")
    context = create()
    assert not context.use_driver("docker")
    assert not context.use_driver("kvm2")
    assert context.use_driver("podman")
    assert context.engine.binary == context.reader.engine.binary == "podman"


def test_a_signal_stops_minikube(create, tmp_path):
    install(tmp_path, "minikube")
    context = create()
    stopped = []
    context.cli.terminate = lambda: stopped.append(True)
    with pytest.raises(MinikubeError, match="interrupted by signal 15") as caught:
        context.interrupt(15, None)
    assert stopped == [True] and caught.value.details["id"] == "INTERRUPTED"


def test_the_commands_belong_to_the_profile(create, tmp_path):
    install(tmp_path, "minikube")
    context = create(profile="lab")
    commands = context.commands()
    assert (commands.desired.profile, commands.reader) == ("lab", context.reader)
