"""The parts that the control machine can play in a lab."""

from __future__ import annotations

from enum import StrEnum


class MachineRole(StrEnum):
    """What the inventory makes of this machine."""

    CARRIER = "carries-hosts"
    HOST = "is-host"
    CONTROLLER = "steers"
