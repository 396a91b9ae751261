"""Tests of ``slipway.commands.kubectl``."""

import pytest


@pytest.fixture
def started(monkeypatch):
    """The command line that would be started."""
    lines = []
    monkeypatch.setattr("os.execv", lambda tool, words: lines.append(words[1:]))
    return lines


@pytest.mark.parametrize(
    "words",
    [
        ["get", "pods", "-A"],
        ["-nkube-system", "exec", "-i", "x", "--", "sh", "-e"],
        ["get", "--help", "--lab", "other"],
        ["--namespace", "x", "-e"],
    ],
)
def test_arguments_reach_kubectl_unchanged(command, started, words):
    state = command.make()
    assert command("kubectl", *words).exit_code == 0
    assert started == [["--kubeconfig", str(state / "kubeconfig"), *words]]


def test_a_lab_is_chosen_before_the_first_argument(command, started):
    command.make()
    state = command.make("two")
    for words in (["--lab", "two"], ["--lab=two"], ["-e", "slipway_lab=two"]):
        assert command("kubectl", *words, "get", "pods").exit_code == 0
        assert started.pop() == ["--kubeconfig", str(state / "kubeconfig"), "get", "pods"]


def test_the_lab_that_is_up_is_used_and_named(command, started):
    state = command.make("two")
    done = command("kubectl", "version")
    assert started == [["--kubeconfig", str(state / "kubeconfig"), "version"]]
    assert 'using lab "two"' in done.stderr
    assert command("kubectl", "--quiet", "version").stderr == ""


def test_a_lab_without_a_cluster_has_no_kubectl(command, started):
    (command.make() / "bin/kubectl").unlink()
    assert command("kubectl", "version").exit_code == 4 and started == []
