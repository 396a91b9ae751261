"""Tests of ``slipway.commands.minikube``."""

import pytest

from slipway.commands import minikube
from slipway.commands.minikube import named_profile, verb
from slipway.lab.minikube_host import Host


@pytest.fixture
def started(monkeypatch):
    """The arguments of the minikube that would be started."""
    lines = []
    variables = {"minikube_profile": "lab", "minikube_user": "minikube"}
    monkeypatch.setattr(minikube, "find_host", lambda project, host: Host({**variables, "h": host}))
    monkeypatch.setattr(
        Host, "minikube", lambda self, words, terminal: (self.variables["h"], words)
    )
    monkeypatch.setattr(minikube, "become", lines.append)
    return lines


@pytest.mark.parametrize(
    "words",
    [["status"], ["-o", "json", "status"], ["ssh", "--", "ls", "-p", "x"], ["get", "--json", "-e"]],
)
def test_arguments_reach_minikube_with_the_profile_of_the_lab(command, started, words):
    command.make()
    assert command("minikube", *words).exit_code == 0
    assert started == [("minikube_hosts[0]", ["--profile", "lab", *words])]


def test_another_host_and_another_profile(command, started):
    command.make()
    assert command("minikube", "--host", "lab2", "-p", "two", "status").exit_code == 0
    assert started == [("lab2", ["-p", "two", "status"])]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["delete", "-p", "two"], "'two'"),
        (["--profile=two", "start"], "'two'"),
        (["-ptwo", "start"], "whose profile is 'lab'"),
        (["delete", "--all"], "--all or --purge"),
        (["delete", "-p", "lab", "--purge"], "--all or --purge"),
    ],
)
def test_clusters_of_others_are_neither_made_nor_deleted(command, started, words, said):
    command.make()
    done = command("minikube", *words)
    assert done.exit_code == 2 and started == []
    assert said in done.stderr and "sudo -iu minikube minikube" in done.stderr


@pytest.mark.parametrize(
    ("word", "said"), [("delete", "creates a new cluster"), ("start", "use the inventory")]
)
def test_what_a_command_does_to_the_lab_is_said_before(command, started, word, said):
    command.make()
    done = command("minikube", word)
    assert done.exit_code == 0 and said in done.stderr and "./slipway up" in done.stderr
    assert command("minikube", "-q", word).stderr == ""
    assert len(started) == 2


def test_without_a_lab_nothing_starts(command, started):
    assert command("minikube", "status").exit_code == 4 and started == []


def test_the_command_is_the_first_word_that_is_no_flag():
    assert verb(["-p", "x", "--alsologtostderr", "start", "y"]) == "start"
    assert verb([]) == ""


def test_the_last_named_profile_counts():
    assert named_profile(["-p", "a", "--profile=b", "status"]) == "b"
    assert named_profile(["-p=c"]) == "c"
    assert named_profile(["status"]) is None
