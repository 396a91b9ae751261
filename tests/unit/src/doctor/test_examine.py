"""Tests of how checks are run."""

import pytest

from slipway.doctor import CHECKS, examine, has_errors
from slipway.doctor.checks import Check
from slipway.doctor.findings import ok
from slipway.doctor.roles import MachineRole


@pytest.mark.parametrize("problem", [OSError("gone"), ValueError("odd"), KeyError("name")])
def test_a_check_that_breaks_is_an_error_of_its_own(machine, problem):
    def broken(_):
        raise problem

    machine.role = MachineRole.CONTROLLER
    roles = frozenset({MachineRole.CONTROLLER})
    table = (Check("one", broken, roles), Check("two", lambda _: ok("fine"), roles))
    findings = examine(machine, table)
    assert [(one.check, one.level) for one in findings] == [("one", "error"), ("two", "ok")]
    assert has_errors(findings)


def test_every_finding_that_is_not_ok_has_a_remedy(machine):
    machine.role = MachineRole.CARRIER
    findings = examine(machine)
    assert [one.check for one in findings] == [check.name for check in CHECKS]
    assert all(one.remedy for one in findings if one.level != "ok")
