"""The parts that the control machine can play in a lab."""

from __future__ import annotations

from enum import StrEnum


class MachineRole(StrEnum):
    """The role of the control machine in an inventory."""

    CARRIER = "carries-hosts"
    HOST = "is-host"
    CONTROLLER = "steers"
