"""Tests of ``slipway.commands.logs``."""

import pytest

from slipway.commands import logs


@pytest.fixture
def started(monkeypatch, host, targets):
    """The command lines that would be started."""
    lines = []
    monkeypatch.setattr(logs, "choose", lambda project, report, name, namespace: targets[name])
    monkeypatch.setattr(logs, "become", lines.append)
    return lines


def test_an_application_shows_all_its_pods(command, started):
    command.make()
    assert command("logs", "-f", "web", "--tail", "5").exit_code == 0
    assert started[0][3:] == [
        "logs", "--prefix", "--tail=5", "--follow", "--all-containers", "--namespace", "shop",
        "--selector", "app=web", "--max-log-requests=1000",
    ]  # fmt: skip


def test_a_pod_and_one_of_its_containers(command, started):
    command.make()
    assert command("logs", "web-1", "-c", "main", "-p").exit_code == 0
    assert started[0][3:] == [
        "logs", "--prefix", "--tail=100", "--previous", "--container=main", "--namespace", "shop",
        "web-1",
    ]  # fmt: skip


def test_without_a_name_all_pods_of_the_namespace(command, started):
    command.make()
    assert command("logs").exit_code == 0 and command("logs", "-n", "shop").exit_code == 0
    for line, namespace in zip(started, ("default", "shop"), strict=True):
        assert line[-5:-1] == ["--namespace", namespace, "--selector", logs.ALL_PODS]


@pytest.mark.parametrize(("name", "where"), [("lab1", '"$(id -u)"'), ("minikube", "docker exec")])
def test_the_journal_of_a_host_and_of_a_node(command, started, name, where):
    command.make()
    assert command("logs", name, "-f", "--tail", "-1").exit_code == 0
    assert where in started[0][-1]
    assert "journalctl --no-pager --lines=all --follow" in started[0][-1]


def test_wrong_usage_and_no_lab(command, started):
    assert command("logs").exit_code == 4
    command.make()
    assert command("logs", "--tail", "-2").exit_code == 2
    assert started == []
