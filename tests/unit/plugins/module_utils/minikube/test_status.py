"""Tests of ``minikube.status``."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.lab.plugins.module_utils.minikube.status import Reader, start_time


def test_a_configuration_is_found_under_the_name_that_a_kill_leaves(tmp_path):
    reader = Reader(tmp_path, None, None, tmp_path / "kubeconfig")
    path = reader.config_path("lab")
    path.parent.mkdir(parents=True)
    good = {"Driver": "docker", "Nodes": [{"Name": "", "ControlPlane": True}]}
    path.with_name("config.json.tmp42").write_text(json.dumps(good))
    seen = reader.read("lab")
    assert seen.config == good and "config.json.tmp42" in seen.config_problem
    path.write_text(json.dumps({**good, "CPUs": 2}))
    assert reader.read("lab").config_problem == ""


def test_start_time_of_a_container():
    assert start_time({"State": {"StartedAt": "2026-11-24T00:30:28.571086267Z"}}) == 1795480228.0
    assert start_time({"State": {"StartedAt": "0001-01-01"}}) == start_time(None) == 0.0


@pytest.fixture
def reader(tmp_path):
    """A reader of virtual machines, with the answer of `minikube status` in ``statuses``."""

    class Cli:
        statuses = []

        def query(self, *arguments):
            return self.statuses

    found = Reader(tmp_path, Cli(), None, tmp_path / "kubeconfig")
    path = found.config_path("lab")
    path.parent.mkdir(parents=True)
    config = {"Driver": "kvm2", "Nodes": [{"Name": "", "ControlPlane": True}]}
    path.write_text(json.dumps(config))
    return found


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({"Host": "Running", "APIServer": "Paused"}, "paused"),
        ({"Host": "Running", "APIServer": "Stopped", "Kubelet": "Stopped"}, "degraded"),
        ({"Host": "Stopped"}, "stopped"),
        ({"Host": "Nonexistent"}, "lost"),
    ],
)
def test_the_state_of_virtual_machines(reader, status, state):
    reader.cli.statuses = [{"Name": "lab", **status}]
    assert reader.read("lab").state == state


def test_an_api_that_does_not_answer_degrades_the_profile(reader):
    reader.cli.statuses = [
        {"Name": "lab", "Host": "Running", "APIServer": "Running", "Kubelet": "Running"}
    ]
    seen = reader.read("lab")
    assert (seen.state, seen.api_error) == ("degraded", "the control plane has no address yet")


def test_a_profile_without_files_is_absent(tmp_path):
    assert Reader(tmp_path, None, None, tmp_path / "x").read("other").state == "absent"
