"""Tests of ``slipway.commands.ui``."""

import os
from types import SimpleNamespace

import pytest

from slipway.commands import ui
from slipway.exit_codes import ExitCode
from slipway.run.outcome import Result


@pytest.fixture
def started(monkeypatch):
    """The programs that were built and started, in a terminal."""
    seen = SimpleNamespace(built=[], lines=[], environments=[], code=ExitCode.OK, quiet=None)

    def run(session, playbooks, preflight):
        seen.built.append((*playbooks, *session.options.arguments))
        seen.quiet = session.options.quiet
        return Result(code=seen.code)

    def become(line, environment):
        seen.lines.append(line)
        seen.environments.append(environment)

    monkeypatch.setattr("slipway.run.session.Session.run", run)
    monkeypatch.setattr(ui, "become", become)
    monkeypatch.setattr(ui, "has_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    return seen


def make(command, name="fixture"):
    """Make a lab that has k9s."""
    state = command.make(name)
    (state / "bin/k9s").touch()
    return state


def test_k9s_gets_its_flags(command, started):
    program = str(make(command) / "bin/k9s")
    assert command("ui").exit_code == 0
    assert command("ui", "--readonly", "--", "-n", "x", "--lab", "y").exit_code == 0
    assert started.lines == [[program], [program, "--readonly", "-n", "x", "--lab", "y"]]
    assert started.built == []


def test_k9s_works_on_the_lab_and_keeps_its_files_there(command, started):
    make(command)
    state = make(command, "two")
    assert command("ui", "--lab", "two").exit_code == 0
    (environment,) = started.environments
    assert environment.pop("PATH").split(os.pathsep)[0] == str(state / "bin")
    assert environment.pop("KUBECONFIG") == str(state / "kubeconfig")
    assert environment == {name: str(state / "k9s") for name in ("K9S_CONFIG_DIR", "K9S_LOGS_DIR")}


@pytest.mark.parametrize("code", [ExitCode.OK, ExitCode.INTERRUPTED])
def test_a_missing_k9s_is_built_for_the_chosen_lab(command, started, code):
    command.make("two")
    started.code = code
    done = command("ui", "--lab", "two")
    assert done.exit_code == code and "minutes" in done.stderr
    assert started.built == [("ui", "-e", '{"slipway_lab": "two"}')]
    assert len(started.lines) == (code == ExitCode.OK)


def test_a_quiet_build_shows_only_errors(command, started):
    command.make()
    assert command("ui", "--quiet").stderr == "" and started.quiet


def test_without_a_lab_nothing_starts(command, started):
    assert command("ui").exit_code == 4
    (command.make() / "bin/kubectl").unlink()
    assert command("ui").exit_code == 4
    assert started.lines == started.built == []


@pytest.mark.parametrize(("terminal", "kind"), [(False, "xterm"), (True, "dumb"), (True, None)])
def test_without_a_terminal_nothing_starts(command, started, monkeypatch, terminal, kind):
    command.make()
    monkeypatch.setattr(ui, "has_terminal", lambda: terminal)
    monkeypatch.setenv("TERM", kind) if kind else monkeypatch.delenv("TERM")
    done = command("ui")
    assert done.exit_code == ExitCode.USAGE and started.lines == started.built == []
    assert "ssh -t" in done.stderr and "./slipway kubectl get pods -A" in done.stderr


def test_a_word_that_is_no_flag_is_explained(command, started):
    make(command, "two")
    done = command("ui", "--lab", "two", "pods")
    assert done.exit_code == ExitCode.USAGE and started.lines == []
    assert "./slipway ui --lab two -- --command pods" in done.stderr
