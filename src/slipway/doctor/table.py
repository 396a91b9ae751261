"""The table of checks."""

from __future__ import annotations

from slipway.doctor import (
    certificates,
    docker,
    kernel,
    network,
    packets,
    resources,
    storage,
    tools,
    variables,
)
from slipway.doctor.checks import Check

CHECKS: tuple[Check, ...] = (
    *resources.CHECKS,
    *storage.CHECKS,
    *kernel.CHECKS,
    *tools.CHECKS,
    *docker.CHECKS,
    *network.CHECKS,
    *packets.CHECKS,
    *certificates.CHECKS,
    *variables.CHECKS,
)
