"""Tests of ``slipway.commands.options``."""

import click
import pytest

from slipway.commands.options import service_vars


def test_with_is_short_for_a_variable():
    assert service_vars(None) == ()
    assert service_vars("registry, logging") == ('{"slipway_services": ["registry", "logging"]}',)


def test_an_unknown_service_is_named_before_a_run():
    with pytest.raises(click.BadParameter, match="Unknown services: logs. Available: .*logging"):
        service_vars("registry,logs")
