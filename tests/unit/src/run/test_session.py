"""Tests of ``slipway.run.session``: the playbooks themselves run in tests/command."""

from dataclasses import replace

import pytest

from slipway.lab.phases import WAITING
from slipway.lab.project import locate
from slipway.run.outcome import Options, Outcome
from slipway.run.session import Session


@pytest.fixture
def session(tmp_path, monkeypatch):
    """A session whose playbooks end as the test says; it records their names."""
    outcomes = {}

    def play(runner, name, arguments, run):
        session.played.append(name)
        return outcomes.get(name, Outcome(True, False, []))

    monkeypatch.setattr("slipway.run.session.PlaybookRunner.play", play)
    project = replace(locate(), state=tmp_path / "state", cache=tmp_path / "cache")
    session = Session(project, "rebuild", Options(quiet=True))
    session.played, session.outcomes = [], outcomes
    return session


def test_playbooks_run_in_order(session):
    result = session.run(["teardown", "site"], preflight=False)
    assert session.played == ["teardown", "site"]
    assert result.code == 0
    assert result.phases[0].id == "down"
    assert result.log.exists()


@pytest.mark.parametrize(("continues", "played"), [(False, 1), (True, 2)])
def test_a_failure_ends_the_run_unless_playbooks_are_independent(session, continues, played):
    session.outcomes["teardown"] = Outcome(False, False, [])
    session.continues_after_failure = continues
    assert session.run(["teardown", "site"], preflight=False).code == 1
    assert len(session.played) == played


def test_an_interruption_always_ends_the_run(session):
    session.outcomes["teardown"] = Outcome(False, True, [])
    session.continues_after_failure = True
    session.run(["teardown", "site"], preflight=False)
    assert session.played == ["teardown"]


def test_an_unfit_machine_is_left_alone(session, monkeypatch):
    monkeypatch.setattr("slipway.run.session.run_preflight", lambda *_: False)
    result = session.run(["site"], preflight=True)
    assert session.played == []
    assert {phase.state for phase in result.phases} == {WAITING}
