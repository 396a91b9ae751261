"""Read what the user asked for from the arguments and the inventory."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.doctor.machine import Machine
from slipway.doctor.variables import extra_vars, inventory_vars
from slipway.lab.phase_plan import Selection
from slipway.lab.project import Project


def read_selection(project: Project, arguments: Sequence[str]) -> Selection:
    """Return the tags and the plain variables that decide which phases a run reaches.

    Args:
        project: The lab.
        arguments: Arguments of ansible-playbook. Their variables win over those of the inventory.
    """
    machine = Machine(project, arguments=tuple(arguments))
    given = [*inventory_vars(machine), *extra_vars(machine)]
    plain = {one.name: one.value for one in given if "{{" not in str(one.value)}
    return Selection.of(arguments, plain)
