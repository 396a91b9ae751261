"""Tests of ``slipway.lab.target_commands``."""

import pytest

from slipway.lab import target_commands
from slipway.lab.minikube_host import Host
from slipway.lab.project import Project
from slipway.lab.target_commands import journal, pod_logs, program
from slipway.lab.targets import APP, HOST, NODE, POD, Target


@pytest.fixture
def project(tmp_path, monkeypatch):
    variables = {"minikube_driver": "docker", "minikube_user": "minikube"}
    monkeypatch.setattr(
        target_commands,
        "find_host",
        lambda project, name="first": Host({**variables, "ansible_host": name}),
    )
    return Project(tmp_path, tmp_path, tmp_path, "x", ())


def test_a_host_is_its_own_and_a_node_is_on_the_first_host(project):
    assert program(project, Target(HOST, "lab2"), [], True)[-1] == "lab2"
    on_node = program(project, Target(NODE, "m02"), [], True)
    assert on_node[-2] == "first" and "--interactive --tty m02" in on_node[-1]
    assert journal(project, Target(HOST, "lab2"), False, 5)[-2] == "lab2"
    followed = journal(project, Target(NODE, "m02"), True, -1)[-1]
    assert "m02 journalctl --no-pager --lines=all --follow" in followed and "--tty" not in followed


def test_a_pod_gets_a_terminal_only_where_there_is_one(project):
    pod = Target(POD, "web-1", "shop")
    assert "--tty" in program(project, pod, [], True)
    assert "--tty" not in program(project, pod, ["ls"], False)


def test_logs_of_one_pod_and_of_all_pods_of_an_application(project):
    app = Target(APP, "web", "shop", "deployment/web", "app=web")
    assert pod_logs(project, app, True, 5, None, False)[3:] == [
        "logs", "--prefix", "--tail=5", "--follow", "--all-containers", "--namespace", "shop",
        "--selector", "app=web", target_commands.MANY,
    ]  # fmt: skip
    assert pod_logs(project, Target(POD, "p", "shop"), False, -1, "main", True)[3:] == [
        "logs", "--prefix", "--tail=-1", "--previous", "--container=main", "--namespace", "shop", "p",
    ]  # fmt: skip
