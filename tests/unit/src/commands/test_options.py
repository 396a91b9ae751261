"""Tests of ``slipway.commands.options``."""

from slipway.commands.options import service_vars


def test_with_is_short_for_a_variable():
    assert service_vars(None) == ()
    assert service_vars("registry, logging") == ('{"slipway_services": ["registry", "logging"]}',)
