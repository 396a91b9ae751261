"""Tests of ``slipway.commands.status``."""

import pytest


@pytest.fixture
def asked(monkeypatch):
    """The labs whose status was asked for."""
    calls = []
    monkeypatch.setattr(
        "slipway.run.live_status.inspect_lab", lambda *words: calls.append(words) or 0
    )
    return calls


def test_the_lab_that_is_up_is_asked(command, asked):
    command.make("two")
    assert command("status").exit_code == 0
    assert asked[0][0].lab == "two" and asked[0][1] == ('{"slipway_lab": "two"}',)


def test_the_advice_without_a_lab_names_the_lab(command, asked):
    command("status", "--lab", "two")
    assert asked[0][-1] == "run: ./slipway up --lab two"
