"""The module lab_info on a made-up engine."""

import os

import pytest

from support.engine_fake import container, engine, network
from support.module_runner import run_module


@pytest.fixture
def socket(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/s")
    return tmp_path / "s"


def answers(uid):
    return {
        "/containers/json": [container("slipway-one-lab1", "one", host="lab1", uid=str(uid))],
        "/networks": [network("one", uid=str(uid))],
        "/volumes": {"Volumes": []},
    }


@pytest.mark.parametrize("check", [False, True])
def test_labs_are_read_and_nothing_changes(socket, check):
    with engine(socket, answers(os.getuid())):
        result = run_module("lab_info", check=check)
    assert (result["changed"], result["engine"], result["problem"]) == (False, "running", "")
    (lab,) = result["labs"]
    assert (lab["name"], lab["state"], lab["hosts"]) == ("one", "running", ["lab1"])
    assert lab["subnet"] == "10.213.0.0/24"
    assert lab["foreign_owner"] == ""


def test_the_owner_is_named_to_others(socket, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 1002)
    with engine(socket, answers(1001)):
        assert run_module("lab_info")["labs"][0]["foreign_owner"] == "alice (uid 1001)"


def test_an_engine_that_is_silent_is_a_result(socket):
    result = run_module("lab_info")
    assert (result["labs"], result["engine"]) == ([], "silent")
    assert f"Docker does not answer on {socket}" in result["problem"]
