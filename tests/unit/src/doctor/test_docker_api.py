"""Tests of the checks in ``slipway.doctor.docker_api``."""

import socket
import threading

import pytest

from slipway.doctor import docker_api, docker_endpoint
from slipway.doctor.docker_api import docker_state


def test_the_daemon_is_asked_over_its_socket(tmp_path):
    remote = docker_state({"DOCKER_HOST": "tcp://127.0.0.1:1"}, "demo")
    assert remote.problem == "DOCKER_HOST leads to tcp://127.0.0.1:1"
    assert remote.elsewhere == "unset DOCKER_HOST"
    dead = docker_state({"DOCKER_HOST": f"unix://{tmp_path}/none"}, "demo")
    assert dead.problem.endswith("/none, where nothing answers")
    assert dead.elsewhere == "unset DOCKER_HOST"


def test_a_dead_engine_of_the_system_may_be_named_by_hand(tmp_path, monkeypatch):
    monkeypatch.setattr(docker_endpoint, "SOCKET", str(tmp_path / "s"))
    (tmp_path / "link").symlink_to(tmp_path / "s")
    state = docker_state({"DOCKER_HOST": f"unix://{tmp_path}/link"}, "demo")
    assert state.problem and not state.elsewhere


def test_a_daemon_that_answers_nonsense_is_not_running(tmp_path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    server.listen()

    def answer():
        connection, _ = server.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    state = docker_state({"DOCKER_HOST": f"unix://{tmp_path}/s"}, "demo")
    server.close()
    assert not state.running
    assert state.problem


@pytest.mark.parametrize(
    ("version", "info", "kind"),
    [
        ({}, {"SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"]}, ""),
        ({}, {"SecurityOptions": ["name=rootless"]}, "rootless"),
        ({}, {"SecurityOptions": ["name=userns"]}, "userns"),
        ({}, {"DockerRootDir": "/var/snap/docker/common/var-lib-docker"}, "snap"),
        ({}, {"DockerRootDir": "/tmp", "OperatingSystem": "Docker Desktop"}, "outside"),
        ({}, {"DockerRootDir": "/nowhere/docker", "OperatingSystem": "Alpine Linux"}, "outside"),
        ({}, {"DockerRootDir": "/tmp", "OperatingSystem": "Debian GNU/Linux 12"}, ""),
        ({"Components": [{"Name": "Podman Engine"}]}, {}, "Podman"),
        ({"Components": None}, {"SecurityOptions": None}, ""),
    ],
)
def test_the_engine_says_what_kind_it_is(monkeypatch, version, info, kind):
    answers = {"/version": {"Version": "28.3.0", **version}, "/info": info}
    monkeypatch.setattr(docker_api, "read_docker", lambda _path, url: answers.get(url, []))
    assert docker_api.docker_state({"HOME": "/none"}, "demo").kind == kind
