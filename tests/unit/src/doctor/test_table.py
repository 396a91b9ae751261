"""Tests of ``slipway.doctor.table``."""

from slipway.doctor.table import CHECKS


def test_names_are_unique():
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names) > 15
