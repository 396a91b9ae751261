"""Tests of the checks in ``slipway.doctor.docker``."""

import pytest

from slipway.doctor import docker
from slipway.doctor.docker_api import DockerState
from support.made_up_machine import put, tool


@pytest.mark.parametrize(
    ("state", "level", "word"),
    [
        (DockerState(version="26.1.5"), "ok", "26.1.5"),
        (DockerState(version="19.3"), "error", "too old"),
        (DockerState(version="4.3.1", kind="Podman"), "error", "Podman"),
        (DockerState(version="28.3", kind="rootless"), "error", "rootless"),
        (DockerState(version="28.3", kind="userns"), "error", "userns-remap"),
        (DockerState(version="28.3", kind="snap"), "error", "snap"),
        (DockerState(version="28.3", kind="outside"), "error", "in a VM"),
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


def test_a_daemon_outside_of_the_users_path_is_installed(machine):
    put(machine, "usr/sbin/dockerd")
    (machine.root / "usr/sbin/dockerd").chmod(0o755)
    assert "installed, not running" in docker.engine(machine).message


def test_masked_units_prevent_the_start(machine):
    tool(machine, "dockerd")
    unit = machine.root / "etc/systemd/system/docker.socket"
    unit.parent.mkdir(parents=True)
    unit.symlink_to("/dev/null")
    assert docker.engine(machine).level == "ok"  # systemd does not run
    (machine.root / "run/systemd/system").mkdir(parents=True)
    found = docker.engine(machine)
    assert found.level == "error"
    assert found.remedy == "sudo systemctl unmask docker.socket"


def test_settings_with_which_the_daemon_does_not_start(machine):
    tool(machine, "dockerd")
    put(machine, "etc/docker/daemon.json", "{,}")
    found = docker.engine(machine)
    assert found.level == "error"
    assert "daemon.json: it is not valid JSON" in found.message


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
