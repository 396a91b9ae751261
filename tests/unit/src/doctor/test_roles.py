"""Tests of ``slipway.doctor.roles``."""

from slipway.doctor.checks import EVERYWHERE
from slipway.doctor.roles import MachineRole


def test_every_role_has_a_value_of_its_own():
    assert len({str(role) for role in MachineRole}) == len(EVERYWHERE) == 3
