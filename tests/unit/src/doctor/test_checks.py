"""Tests of ``slipway.doctor.checks``."""

from slipway.doctor.checks import CARRIER, CLUSTER_MACHINE, EVERYWHERE, Check
from slipway.doctor.findings import ok
from slipway.doctor.roles import MachineRole


def test_a_check_concerns_machines_of_the_cluster_by_default():
    check = Check("cores", lambda machine: ok("2"))
    assert check.roles == {MachineRole.CARRIER, MachineRole.HOST}


def test_the_sets_of_roles_contain_each_other():
    assert CARRIER < CLUSTER_MACHINE < EVERYWHERE
