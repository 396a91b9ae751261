"""Tests of ``slipway.commands.test``."""


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
