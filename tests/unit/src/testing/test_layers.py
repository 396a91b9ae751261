"""Tests of ``slipway.testing.layers``."""

from slipway.testing.layers import LAYERS, choose


def test_levels_of_tests_contain_each_other():
    names = {
        level: [one.name for one in choose(level, [])] for level in ("fast", "default", "full")
    }
    assert {"unit", "contract"} <= set(names["fast"]) < set(names["default"]) < set(names["full"])
    assert [one.name for one in choose("fast", ["roles"])] == ["roles"]
    assert len({layer.name for layer in LAYERS}) == len(LAYERS)
