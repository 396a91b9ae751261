"""Tests of ``slipway.launcher``."""

from slipway.launcher import launcher


def test_the_users_words_are_returned(monkeypatch):
    monkeypatch.setenv("SLIPWAY_COMMAND", "../slipway")
    assert launcher() == "../slipway"
    monkeypatch.delenv("SLIPWAY_COMMAND")
    assert launcher() == "slipway"
