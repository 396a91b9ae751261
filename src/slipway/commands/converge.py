"""What ``up``, ``down`` and ``rebuild`` share: run playbooks as one run, and conclude."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import click

from slipway.commands.options import LabChoice
from slipway.commands.playbook_options import ansible_arguments
from slipway.exit_codes import ExitCode
from slipway.launcher import launcher


def converge(
    command: str, playbooks: Sequence[str], preflight: bool, choice: LabChoice, given: Any
) -> int:
    """Run playbooks on a lab; return the exit code.

    Args:
        command: Name of the command.
        playbooks: Names of the playbooks, in order.
        preflight: Examine the machine first.
        choice: The lab.
        given: The options of the command by name.
    """
    from slipway.lab.lock import LabBusyError
    from slipway.run.playbook_runner import environment, playbook_command
    from slipway.run.session import Options, Session

    project = choice.project()
    arguments = ansible_arguments(choice.extra_vars, given)
    if any(word.startswith("--list-") or word == "--syntax-check" for word in arguments):
        os.chdir(project.root)  # these only print: Ansible's own output is the answer
        line = playbook_command(project, playbooks[-1], arguments)
        os.execvpe(line[0], line, {**os.environ, **environment(project, "")})
    options = Options(
        arguments=arguments,
        as_json=given["as_json"],
        raw=bool(given["verbose"] or given["diff"]),
        check=given["check"] or "-C" in arguments,
        launcher=launcher(),
    )
    session = Session(project, command, options)
    try:
        session.run(playbooks, preflight)
    except LabBusyError as busy:
        click.echo(f"slipway: {busy}; nothing was changed", err=True)
        if options.as_json:
            print(json.dumps({"ok": False, "changed": 0, "error": str(busy)}))
        return ExitCode.UNFIT
    except KeyboardInterrupt:  # outside of playbooks, whose runner stops them itself
        click.echo("slipway: interrupted", err=True)
        return ExitCode.INTERRUPTED
    return session.conclude()
