"""Tests of ``slipway.lab.services``."""

from slipway.lab.services import known_services


def test_services_are_those_of_the_inventories():
    assert {"registry", "monitoring", "logging"} <= set(known_services())
