"""Preflight: examine whether this machine can run a lab, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from slipway.doctor.checks import Check
from slipway.doctor.findings import ERROR, Finding, error
from slipway.doctor.machine import Machine
from slipway.doctor.security import CHECKS as SECURITY_CHECKS
from slipway.doctor.table import CHECKS
from slipway.lab.project import Project


def examine_lab(
    project: Project, arguments: Iterable[str], security: bool = False
) -> list[Finding]:
    """Run the checks for a lab on this machine.

    Args:
        project: The lab.
        arguments: Arguments of ansible-playbook, which can contain variables.
        security: Check points of security instead.
    """
    machine = Machine(project, arguments=tuple(arguments))
    return examine(machine, SECURITY_CHECKS if security else CHECKS)


def rejected(check: str, message: str, remedy: str) -> list[Finding]:
    """Return the only finding of an examination that could not begin.

    Args:
        check: Name of the check.
        message: Why the other checks cannot run.
        remedy: The next step.
    """
    return [error(message, remedy).named(check)]


def examine(machine: Machine, checks: Iterable[Check] = CHECKS) -> list[Finding]:
    """Run the checks for the machine's role concurrently; return findings in table order.

    Args:
        machine: The machine to examine.
        checks: The table of checks.
    """
    chosen = [check for check in checks if machine.role in check.roles]
    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(lambda check: _run(check, machine), chosen))


def _run(check: Check, machine: Machine) -> Finding:
    try:
        return check.look(machine).named(check.name)
    # Whatever an unusual machine or inventory causes, the other checks still give their results.
    except Exception as problem:  # noqa: BLE001
        return error(
            f"could not be checked: {problem}", "resolve the cause, then run doctor again"
        ).named(check.name)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether a finding prevents a lab."""
    return any(finding.level == ERROR for finding in findings)
