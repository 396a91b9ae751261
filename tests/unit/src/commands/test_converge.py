"""Tests of ``slipway.commands.converge``, and of the commands that use it."""

import json

import pytest

from slipway.lab.labs import known_labs
from support.engine_fake import container, engine


@pytest.fixture
def runs(monkeypatch):
    """The runs that commands start, and their result."""

    class Runs:
        started = []

    def run_playbooks(project, command, playbooks, preflight, options):
        Runs.started.append((project, command, options, playbooks, preflight))
        return 0

    Runs.started = []
    monkeypatch.setattr("slipway.run.playbooks.run_playbooks", run_playbooks)
    return Runs


@pytest.mark.parametrize(
    ("name", "playbooks", "preflight"),
    [("up", ("site",), True), ("down", ("teardown",), False), ("stop", ("stop",), False),
     ("rebuild", ("teardown", "site"), True)],
)  # fmt: skip
def test_each_command_runs_its_playbooks(command, runs, name, playbooks, preflight):
    assert command(name, "--quiet", "--check").exit_code == 0
    project, called, options, *rest = runs.started[0]
    assert (project.lab, called, rest) == ("fixture", name, [playbooks, preflight])
    assert options.quiet and options.check and options.arguments == ["--check"]


@pytest.mark.parametrize("flag", ["-C", "--check"])
def test_check_mode_after_the_dashes_counts_too(command, runs, flag):
    assert command("up", "--", flag).exit_code == 0
    assert runs.started[0][2].check


def test_a_lab_is_remembered_and_forgotten(command, runs, tmp_path):
    states = tmp_path / "state/slipway"
    (tmp_path / "inv").mkdir()
    assert command("up", "-i", str(tmp_path / "inv"), "--lab", "two").exit_code == 0
    assert [one.inventories for one in known_labs(states)] == [(str(tmp_path / "inv"),)]
    assert command("down", "--lab", "two").exit_code == 0
    assert runs.started[-1][0].inventories == (str(tmp_path / "inv"),)
    assert known_labs(states) == []


@pytest.mark.parametrize("name", ["down", "stop"])
def test_no_lab_is_removed_or_stopped_by_guess(command, runs, name):
    command.make("two")
    done = command(name)
    assert done.exit_code == 4 and f"run: ./slipway {name} --lab two" in done.stderr
    assert runs.started == []


def test_a_lab_that_exists_starts(command, runs):
    done = command("start")
    assert done.exit_code == 4 and "no lab is up" in done.stderr
    command.make("two")
    assert command("start").exit_code == 0
    project, called, _, *rest = runs.started[0]
    assert (project.lab, called, rest) == ("two", "start", [("start",), True])


@pytest.mark.parametrize(
    "words", [["-e", "slipway_lab='two'"], ["--", "-e", 'slipway_lab="two"'], ["--lab", "two"]]
)
def test_the_lab_is_the_one_that_ansible_uses(command, runs, words):
    command("up", *words)
    assert runs.started[0][0].lab == "two"


def test_inventories_after_the_dashes_count_as_before_them(command, runs, tmp_path):
    command("up", "--", "-i", str(tmp_path), "--forks", "3")
    project, _, options, *_ = runs.started[0]
    assert project.inventories == (str(tmp_path),) and options.arguments == ["--forks", "3"]


def test_a_password_is_not_asked_for_without_a_terminal(command, runs):
    done = command("up", "--", "-K")
    assert done.exit_code == 2 and "--become-password-file FILE" in done.stderr
    assert runs.started == []


@pytest.mark.parametrize("name", ["up", "start", "stop", "down", "rebuild", "refresh"])
def test_a_lab_of_another_account_is_refused(command, runs, name, monkeypatch, tmp_path):
    command.make("two")
    monkeypatch.setattr("os.getuid", lambda: 1002)
    answers = {"/containers/json": [container("x", "two")], "/networks": [], "/volumes": {}}
    with engine(command.engine, answers):
        done = command(name, "--lab", "two", "--json")
    assert done.exit_code == 3 and runs.started == []
    assert 'the lab "two" belongs to alice (uid 1001)' in done.stderr
    assert json.loads(done.stdout)["kind"] == "foreign-lab"
    assert not (tmp_path / "state/slipway/two/lab.json").exists()


def test_services_become_a_variable(command, runs):
    command("rebuild", "--with", "registry,logging")
    assert runs.started[0][2].arguments == ["-e", '{"slipway_services": ["registry", "logging"]}']


def test_hosts_are_replaced_only_by_name(command, runs):
    command("up", "--replace", "lab1", "--replace", "lab2")
    assert runs.started[0][2].arguments == ["-e", '{"lab_hosts_replace": ["lab1", "lab2"]}']
