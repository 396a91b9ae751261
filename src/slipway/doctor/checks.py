"""The rows of the table of checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from slipway.doctor.findings import Finding
from slipway.doctor.machine import Machine
from slipway.doctor.roles import MachineRole

EVERYWHERE = frozenset(MachineRole)
CARRIER = frozenset({MachineRole.CARRIER})
CLUSTER_MACHINE = frozenset({MachineRole.CARRIER, MachineRole.HOST})


@dataclass(frozen=True)
class Check:
    """One check, and the machines that it concerns.

    Args:
        name: Name in results.
        look: Function that examines the machine.
        roles: Roles of the machine for which the check is made.
    """

    name: str
    look: Callable[[Machine], Finding]
    roles: frozenset[MachineRole] = CLUSTER_MACHINE
