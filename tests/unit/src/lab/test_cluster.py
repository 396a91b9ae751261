"""Tests of ``slipway.lab.cluster``."""

import json

import pytest

from slipway.lab.cluster import ClusterError, kubectl_command, read_objects
from slipway.lab.project import Project


@pytest.fixture
def project(tmp_path):
    found = Project(tmp_path, tmp_path, tmp_path, "x", ())
    found.kubectl.parent.mkdir()

    def kubectl(script):
        found.kubectl.write_text(f"#!/bin/sh\n{script}\n")
        found.kubectl.chmod(0o755)
        return found

    return kubectl


def test_objects_of_a_list_and_one_object(project):
    one = {"kind": "Pod", "metadata": {"name": "a"}}
    lab = project(f"echo '{json.dumps({'items': [one, one]})}'")
    assert read_objects(lab, "pods") == [one, one]
    assert read_objects(project(f"echo '{json.dumps(one)}'"), "pod", "a") == [one]


def test_the_kubeconfig_of_the_lab_and_a_time_limit_are_passed(project, tmp_path):
    lab = project(f'echo "$*" >{tmp_path}/said; echo "{{}}"')
    read_objects(lab, "pods", "-A", seconds=3)
    said = (tmp_path / "said").read_text().strip()
    assert said == f"--kubeconfig {lab.kubeconfig} get pods -A --output=json --request-timeout=3s"
    assert kubectl_command(lab, "get") == [
        str(lab.kubectl),
        "--kubeconfig",
        str(lab.kubeconfig),
        "get",
    ]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'first' >&2; echo 'connection refused' >&2; exit 1", "connection refused"),
        ("exit 1", "no answer"),
        ("echo '{'", "Expecting"),
    ],
)
def test_an_error_names_the_reason(project, script, reason):
    with pytest.raises(ClusterError, match=reason):
        read_objects(project(script), "pods")


def test_a_missing_kubectl_is_an_error(tmp_path):
    with pytest.raises(ClusterError, match="No such file"):
        read_objects(Project(tmp_path, tmp_path, tmp_path, "x", ()), "pods")
