"""Tests of ``slipway.run.reading``."""

import pytest

from slipway.lab.phases import Failure
from slipway.lab.project import locate
from slipway.run.outcome import Outcome
from slipway.run.reading import run_quietly

FAILURE = Failure("status", "localhost", "T", "x.yml:1", {"msg": "the engine does not answer"})


@pytest.fixture
def refreshed(monkeypatch):
    """Refresh with a given end of the playbook; return the result and the arguments."""

    def run(outcome, *extra_vars):
        given = []

        def play(runner, name, arguments, run):
            given.extend([name, *arguments])
            return outcome

        monkeypatch.setattr("slipway.run.reading.PlaybookRunner.play", play)
        return run_quietly(locate(), "status", extra_vars, False, True), given

    return run


def test_the_playbook_gets_the_variables(refreshed):
    assert refreshed(Outcome(True, False, []), "x=1") == ("", ["status", "-e", "x=1"])


def test_a_failure_is_explained(refreshed):
    assert refreshed(Outcome(False, False, [FAILURE]))[0] == "the engine does not answer"
    assert "--verbose" in refreshed(Outcome(False, False, []))[0]
