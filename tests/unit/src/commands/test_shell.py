"""Tests of ``slipway.commands.shell``."""

import pytest

from slipway.commands import shell


@pytest.fixture
def started(monkeypatch, host, targets):
    """The command lines that would be started; a shell in a pod ends with ``end``."""
    lines = []
    monkeypatch.setattr(shell, "choose", lambda project, report, name, namespace: targets[name])
    monkeypatch.setattr(shell, "become", lambda line: lines.append(line))
    monkeypatch.setattr(shell, "run_reading_errors", lambda line: lines.append(line) or host.end)
    host.end = (0, "")
    lines.clear()
    return lines, host


def test_a_host(command, started):
    command.make()
    assert command("shell", "lab1").exit_code == 0
    assert command("shell", "lab1", "--", "ls", "-e", "a b").exit_code == 0
    assert started[0][0][-1] == "h"
    assert started[0][1][-1] == "ls -e 'a b'"


def test_a_node(command, started):
    command.make()
    assert command("shell", "minikube", "--", "crictl", "ps").exit_code == 0
    assert "docker exec --interactive minikube crictl ps" in started[0][0][-1]


def test_a_pod_and_an_application(command, started):
    state = command.make()
    assert command("shell", "web-1", "-c", "main", "--", "ls", "-n", "x").exit_code == 0
    assert command("shell", "web").exit_code == 0
    first, second = started[0]
    assert first == [
        str(state / "bin/kubectl"), "--kubeconfig", str(state / "kubeconfig"), "exec", "--stdin",
        "--quiet", "--container", "main", "--namespace", "shop", "web-1", "--", "ls", "-n", "x",
    ]  # fmt: skip
    assert "deployment/web" in second and "exec bash" in second[-1]


def test_an_image_without_a_shell_is_explained(command, started):
    command.make()
    started[1].end = (1, 'exec: "sh": executable file not found in $PATH: unknown')
    done = command("shell", "web-1")
    assert done.exit_code == 1 and "shop/web-1 has no shell" in done.stderr
    started[1].end = (3, "")
    done = command("shell", "web-1")
    assert done.exit_code == 3 and done.stderr == ""


def test_without_a_lab_nothing_starts(command, started):
    assert command("shell", "lab1").exit_code == 4 and started[0] == []
