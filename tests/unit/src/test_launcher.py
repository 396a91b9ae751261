"""Tests of ``slipway.launcher``."""

from slipway.launcher import CommandLine, launcher


def test_advice_repeats_the_words_of_the_user(monkeypatch):
    monkeypatch.setenv("SLIPWAY_COMMAND", "../slipway")
    assert launcher() == "../slipway"
    assert CommandLine().of("up") == "../slipway up"
    monkeypatch.delenv("SLIPWAY_COMMAND")
    assert launcher() == "slipway"


def test_a_line_carries_the_flags_of_the_lab():
    lines = CommandLine(" --lab two", "./slipway")
    assert lines.of("lesson tutorial") == "./slipway lesson tutorial --lab two"
    assert lines.of("kubectl", "get pods -A") == "./slipway kubectl --lab two get pods -A"
    assert (
        lines.filled("{doctor}, then {up}")
        == "./slipway doctor --lab two, then ./slipway up --lab two"
    )
