"""Tests of reading labs from an engine."""

import os

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import (
    EngineDeniedError,
    EngineSilentError,
    describe_labs,
    group,
    read_labs,
    socket_path,
)
from support.engine_fake import container, engine, labels, network, volume


def test_objects_with_the_same_label_are_one_lab():
    labs = group(
        [
            container("slipway-one-lab2", "one", host="lab2"),
            container("slipway-one-lab1", "one", host="lab1"),
            container("slipway-one-files", "one", state="exited"),
            container("slipway-two-files", "two", owner="bob", uid="1002"),
        ],
        [network("one", "10.214.0.0/24")],
        [volume("slipway-one-lab1-docker", "one")],
    )
    one, two = labs["one"], labs["two"]
    assert (one.owner, one.uid, one.state, one.subnet) == ("alice", 1001, "partial", "10.214.0.0/24")  # fmt: skip
    assert one.hosts == ["lab1", "lab2"]
    assert one.running == ["slipway-one-lab1", "slipway-one-lab2"]
    assert one.stopped == ["slipway-one-files"]
    assert one.volumes == ["slipway-one-lab1-docker"]
    assert one.created == 1000  # its oldest object
    assert (two.owner, two.state, two.subnet) == ("bob", "running", "")


def test_what_a_killed_removal_left_is_a_lab_too():
    labs = group([], [network("gone")], [volume("v", "rest", uid="")])
    assert (labs["gone"].state, labs["rest"].state) == ("remains", "remains")
    assert labs["rest"].uid is None


def test_images_of_hosts_are_no_lab():
    assert group([container("x", "image")], [], []) == {}


def test_times_are_read_with_and_without_fractions():
    labs = group([], [network("one"), network("two") | {"Created": "2026-11-29T10:48:16+01:00"}], [])  # fmt: skip
    assert labs["one"].created == labs["two"].created == 1795945696.0


def test_one_lab_is_asked_for_by_its_label(tmp_path):
    answers = {
        "/containers/json": [container("slipway-one-files", "one")],
        "/networks": [],
        "/volumes": {"Volumes": None},
    }
    with engine(tmp_path / "s", answers) as asked:
        (lab,) = read_labs(str(tmp_path / "s"), "one")
    assert (lab.name, lab.memory, lab.disk) == ("one", None, None)
    assert all("slipway%3Done" in url for url in asked)


def test_usage_is_measured_when_it_is_asked_for(tmp_path):
    answers = {
        "/containers/json": [container("a", "one"), container("b", "two", state="exited")],
        "/networks": [],
        "/volumes": {"Volumes": []},
        "/containers/id-a/json": {"State": {"Pid": os.getpid()}},
        "/system/df": {"Containers": [{"Labels": labels("two"), "SizeRw": 5}], "Volumes": []},
    }
    with engine(tmp_path / "s", answers):
        one, two = describe_labs(str(tmp_path / "s"), usage=True)
    assert one["memory"] > 2**20 and two["memory"] == 0
    assert (one["disk"], two["disk"]) == (0, 5)


def test_an_engine_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(EngineSilentError, match=f"Docker does not answer on {tmp_path}/none"):
        read_labs(str(tmp_path / "none"))


def test_an_engine_that_refuses_this_user_is_named(monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(f"{read_labs.__module__}.read_docker", refuse)
    with pytest.raises(EngineDeniedError, match="add the user to the group docker"):
        read_labs("/s")


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({}, "/var/run/docker.sock"),
        ({"DOCKER_HOST": "unix:///run/other.sock"}, "/run/other.sock"),
        ({"DOCKER_HOST": "tcp://192.0.2.1"}, "/var/run/docker.sock"),
    ],
)
def test_the_socket_is_that_of_docker(environ, path):
    assert socket_path(environ) == path
