"""Run playbooks and print their result, for ``up``, ``down`` and others."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.exit_codes import ExitCode
from slipway.lab.project import Project
from slipway.run.conclusion import conclude
from slipway.run.outcome import Options
from slipway.run.session import Session


def run_playbooks(
    project: Project, command: str, playbooks: Sequence[str], preflight: bool, options: Options
) -> int:
    """Run playbooks and print the result; return the exit code.

    Args:
        project: The lab.
        command: Name of the command.
        playbooks: Names of the playbooks, in order.
        preflight: Examine the machine first.
        options: The user's options.

    Raises:
        LabBusyError: Another run holds the lab.
    """
    session = Session(project, command, options)
    result = session.run(playbooks, preflight)
    return conclude(project, command, options, result, session.console)


def prepare(project: Project, command: str, playbook: str, options: Options) -> int:
    """Run a playbook that comes before the command's own work, and print only a failure; return the exit code.

    Args:
        project: The lab.
        command: Name of the command.
        playbook: Name of the playbook.
        options: The user's options.

    Raises:
        LabBusyError: Another run holds the lab.
    """
    session = Session(project, command, options)
    result = session.run((playbook,), preflight=False)
    if result.code == ExitCode.OK:
        return ExitCode.OK
    return conclude(project, command, options, result, session.console)
