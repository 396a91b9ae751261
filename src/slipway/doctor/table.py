"""The table of checks."""

from __future__ import annotations

from slipway.doctor import (
    certificates,
    docker,
    kernel,
    packets,
    resources,
    tools,
    variables,
)
from slipway.doctor.checks import Check

CHECKS: tuple[Check, ...] = (
    *resources.CHECKS,
    *kernel.CHECKS,
    *tools.CHECKS,
    *docker.CHECKS,
    *packets.CHECKS,
    *certificates.CHECKS,
    *variables.CHECKS,
)
