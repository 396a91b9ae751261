"""Tests of ``slipway.doctor.docker_endpoint``."""

import hashlib
import json

import pytest

from slipway.doctor.docker_endpoint import Endpoint, docker_endpoint


@pytest.fixture
def folder(tmp_path):
    """Docker's configuration of a user, with the contexts ``desktop`` and ``own``."""
    addresses = {"desktop": "unix:///home/u/desktop.sock", "own": "unix:///var/run/docker.sock"}
    for name, host in addresses.items():
        place = tmp_path / "contexts/meta" / hashlib.sha256(name.encode()).hexdigest()
        place.mkdir(parents=True)
        meta = {"Name": name, "Endpoints": {"docker": {"Host": host}}}
        (place / "meta.json").write_text(json.dumps(meta))
    return tmp_path


def choose(folder, name, **environ):
    (folder / "config.json").write_text(json.dumps({"currentContext": name}))
    return docker_endpoint({"DOCKER_CONFIG": str(folder), **environ})


def test_current_context_is_used(folder):
    endpoint = choose(folder, "desktop")
    assert endpoint.path == "/home/u/desktop.sock"
    assert "desktop" in endpoint.origin
    assert endpoint.remedy == "export DOCKER_CONTEXT=default"


@pytest.mark.parametrize("name", ["", "default", "own", None, 5, ["x"]])
def test_contexts_of_the_system_engine_count_as_default(folder, name):
    assert choose(folder, name) == Endpoint()


def test_docker_host_wins_over_contexts(folder):
    endpoint = choose(folder, "desktop", DOCKER_HOST="tcp://h:1", DOCKER_CONTEXT="desktop")
    assert (endpoint.address, endpoint.path) == ("tcp://h:1", "")


def test_docker_context_wins_over_the_configuration(folder):
    assert choose(folder, "desktop", DOCKER_CONTEXT="default") == Endpoint()


def test_an_unknown_context_has_no_socket(folder):
    assert choose(folder, "gone").address == "unknown"


@pytest.mark.parametrize("text", ["", "[", "[]", '{"Endpoints": []}'])
def test_files_that_cannot_be_read_are_ignored(folder, text):
    (folder / "config.json").write_text(text)
    assert docker_endpoint({"DOCKER_CONFIG": str(folder)}) == Endpoint()
    assert docker_endpoint({"HOME": str(folder / "none")}) == Endpoint()


def test_variables_of_minikube_docker_env_are_unset_together(folder):
    left = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/c"}
    endpoint = choose(folder, "default", DOCKER_HOST="tcp://192.168.49.2:2376", **left)
    assert endpoint.remedy == "unset DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH"
    endpoint = choose(folder, "default", **left)
    assert (endpoint.path, endpoint.origin) == ("", "DOCKER_TLS_VERIFY")
