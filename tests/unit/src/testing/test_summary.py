"""Tests of how layers add up."""

import pytest

from slipway.testing.layers import LAYERS, Layer
from slipway.testing.runner import Tally, closing_line, run_layers


@pytest.mark.slow
def test_one_failed_layer_fails_the_run(tmp_path, monkeypatch, capfd):
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "none").mkdir()
    (tmp_path / "good/test_good.py").write_text(
        "import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('no')\n"
    )
    (tmp_path / "bad/test_bad.py").write_text("def test_c(): assert 0\ndef test_d(): pass\n")
    every = frozenset({"fast"})
    layers = tuple(Layer(name, name, name, every) for name in ("good", "bad", "none"))
    monkeypatch.setattr("slipway.testing.layers.LAYERS", layers)

    def run(*names):
        cache, junit = tmp_path / "cache", tmp_path / "junit"
        return run_layers(tmp_path, cache, "fast", names, junit, False, ())

    assert run("good") == 0
    assert "===== 1 passed, 1 skipped in" in capfd.readouterr().out
    assert run() == 1
    assert "===== 2 failed, 2 passed, 1 skipped in" in capfd.readouterr().out
    assert (tmp_path / "junit/bad.xml").exists()
    assert run("none") == 1
    assert "no test was run" in capfd.readouterr().out


def test_a_layer_that_died_counts_as_failed():
    tally = Tally(LAYERS[0], code=1, failed=1)
    assert closing_line([tally], 1.5) == "===== 1 failed in 1.50s ====="
