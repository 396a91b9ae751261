"""The tables of checks."""

from __future__ import annotations

from slipway.doctor import docker, kernel, network, resources, security, tools, variables
from slipway.doctor.checks import Check

CHECKS: tuple[Check, ...] = (
    *resources.CHECKS,
    *kernel.CHECKS,
    *tools.CHECKS,
    *docker.CHECKS,
    *network.CHECKS,
    *variables.CHECKS,
)

SECURITY_CHECKS: tuple[Check, ...] = security.CHECKS
