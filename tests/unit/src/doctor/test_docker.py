"""Tests of the checks in ``slipway.doctor.docker``."""

import pytest

from slipway.doctor import docker
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import tool


@pytest.mark.parametrize(
    ("state", "level", "word"),
    [
        (DockerState(version="26.1.5"), "ok", "26.1.5"),
        (DockerState(version="19.3"), "error", "too old"),
        (DockerState(version="4.3.1", kind="Podman"), "error", "Podman"),
        (DockerState(version="28.3", kind="rootless"), "error", "rootless"),
        (DockerState(version="28.3", kind="userns"), "error", "userns-remap"),
        (DockerState(problem="x", denied=True), "ok", "by sudo"),
        (DockerState(problem="x leads to tcp://y", elsewhere="unset x"), "error", "tcp"),
    ],
)
def test_docker(machine, state, level, word):
    machine.docker = state
    assert docker.engine(machine).level == level
    assert word in docker.engine(machine).message


def test_docker_that_is_absent_can_be_installed_where_there_is_apt(machine):
    machine.docker = DockerState(problem="No such file")
    assert docker.engine(machine).level == "error"
    tool(machine, "apt-get")
    assert docker.engine(machine).level == "ok"
    tool(machine, "dockerd")
    assert "not running" in docker.engine(machine).message


def test_leftovers(machine):
    assert docker.leftovers(machine).message == "none"
    machine.docker = DockerState(version="26", containers=[{"State": "exited"}])
    assert docker.leftovers(machine).level == "warning"
    assert docker.leftovers(machine).remedy.startswith("start starts them")
    machine.project.state.mkdir()
    (machine.project.state / "lock").write_text(
        '{"pid": 1, "user": "u", "command": "slipway up", "since": 0, "run": "none"}'
    )
    assert "was cut off" in docker.leftovers(machine).message
