"""Preflight: what this machine has and lacks for a lab, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from slipway.doctor import docker, kernel, network, resources, tools, variables
from slipway.doctor.checks import Check
from slipway.doctor.findings import ERROR, Finding, error
from slipway.doctor.machine import Machine

CHECKS: tuple[Check, ...] = (
    *resources.CHECKS,
    *kernel.CHECKS,
    *tools.CHECKS,
    *docker.CHECKS,
    *network.CHECKS,
    *variables.CHECKS,
)


def examine(machine: Machine, checks: Iterable[Check] = CHECKS) -> list[Finding]:
    """Run the checks that concern the machine's part in the lab, all at once, in table order.

    :param machine: what is looked at.
    :param checks: the table of checks.
    """
    chosen = [check for check in checks if machine.role in check.roles]
    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(lambda check: _run(check, machine), chosen))


def _run(check: Check, machine: Machine) -> Finding:
    try:
        return check.look(machine).named(check.name)
    except OSError as problem:
        return error(f"could not be checked: {problem}", "look at the cause").named(check.name)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether a lab cannot be made."""
    return any(finding.level == ERROR for finding in findings)
