"""Tests of ``slipway.commands.test``."""

import json

import pytest


def test_an_unknown_layer_is_refused_with_the_names_of_all(command):
    done = command("test", "--layer", "none")
    assert done.exit_code == 2 and "Unknown layer 'none'. Available: style, unit" in done.stderr


def test_levels_and_flags_reach_the_runner(command, monkeypatch):
    given = []
    monkeypatch.setattr(
        "slipway.testing.runner.run_layers", lambda *words: given.append(words) or 0
    )
    assert command("test", "--fast", "--layer", "unit", "--", "-k", "x").exit_code == 0
    assert given[0][2:4] == ("fast", ("unit",)) and given[0][-1] == ("-k", "x")


@pytest.fixture
def converged(monkeypatch):
    """Every call of converge, as what it got."""
    given = []
    monkeypatch.setattr("slipway.commands.test.converge", lambda *words: given.append(words) or 3)
    return given


def test_conformance_runs_its_playbook_on_the_lab(command, converged, tmp_path):
    command.make()
    done = command(
        "test", "--conformance", "--focus", "sig-node", "--junit", str(tmp_path), "--", "--check"
    )
    assert done.exit_code == 3, done.stderr
    ((name, playbooks, preflight, choice, options, result),) = converged
    assert (name, playbooks, preflight) == ("conformance", ("conformance",), False)
    assert json.loads(choice.extra_vars[0]) == {
        "conformance_junit": f"{tmp_path}/conformance.xml",
        "conformance_focus": "sig-node",
    }
    assert options["ansible_args"] == ("--check",)
    assert result == "conformance/result.json"


def test_without_a_focus_the_playbook_decides(command, converged):
    command.make()
    assert command("test", "--conformance", "-e", "conformance_processes=1").exit_code == 3
    choice = converged[0][3]
    assert list(json.loads(choice.extra_vars[0])) == ["conformance_junit"]
    assert choice.extra_vars[1] == "conformance_processes=1"  # the last one wins


def test_conformance_without_a_lab_says_so(command, converged):
    done = command("test", "--conformance")
    assert "no lab is up" in done.stderr and done.exit_code != 0
    assert converged == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--focus", "x"], "--focus needs --conformance"),
        (["--conformance", "--layer", "unit"], "--layer and --conformance exclude each other"),
    ],
)
def test_options_that_do_not_go_together(command, converged, words, said):
    done = command("test", *words)
    assert done.exit_code == 2 and said in done.stderr
    assert converged == []
