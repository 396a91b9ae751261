"""Run playbooks as one run, for ``up``, ``stop``, ``down``, ``bundle save`` and others."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from slipway.commands.playbook_options import ansible_arguments, take_choice
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice
from slipway.lab.labs import check_owner, forget, record
from slipway.lab.passwords import answered

# Commands that change a lab, which only its owner and root may.
CHANGING = ("up", "start", "stop", "down", "rebuild", "refresh", "snapshot", "class", "etcd")


def converge(
    command: str,
    playbooks: Sequence[str],
    preflight: bool,
    choice: LabChoice,
    given: Any,
    result_file: str = "",
) -> int:
    """Run playbooks on a lab; return the exit code.

    Args:
        command: Name of the command.
        playbooks: Names of the playbooks, in order.
        preflight: Examine the machine first.
        choice: The lab.
        given: The options of the command by name.
        result_file: JSON file below the state directory with results of the playbook.

    Raises:
        LabBusyError: Another run holds the lab.
        ForeignLabError: The lab belongs to another account.
        NoLabError: The user named no lab to stop or remove, and only others than the default one exist.
    """
    from slipway.run.outcome import Options
    from slipway.run.playbook_runner import environment, playbook_command, shown
    from slipway.run.playbooks import run_playbooks

    given, choice = take_choice(given, choice)
    project = (choice if preflight else choice.removable(command)).project()
    if command in CHANGING:
        check_owner(project)
    extra_vars = choice.resolved().extra_vars
    arguments = ansible_arguments(extra_vars, given)
    if any(word.startswith("--list-") or word == "--syntax-check" for word in arguments):
        os.chdir(project.root)  # these only print: Ansible's own output is the answer
        line = playbook_command(project, playbooks[-1], arguments)
        os.execvpe(line[0], line, {**os.environ, **environment(project, "")})
    check = not {"-C", "--check"}.isdisjoint(arguments)
    if not check and "site" in playbooks:
        record(project)
    with answered(arguments) as safe_arguments:
        options = Options(
            arguments=safe_arguments,
            as_json=given["as_json"],
            raw=bool(given["verbose"] or given["diff"]),
            check=check,
            quiet=given["quiet"],
            lines=choice.lines,
            repeated=shown([choice.lines.launcher, *sys.argv[1:]]),
            result_file=result_file,
        )
        code = run_playbooks(project, command, playbooks, preflight, options)
    if command == "down" and code == ExitCode.OK and not check:
        forget(project)
    return code


def run_with(
    playbook: str, choice: LabChoice, given: Any, command: str = "", **variables: Any
) -> NoReturn:
    """Run one playbook with variables, and exit.

    Args:
        playbook: Name of the playbook.
        choice: The lab.
        given: The options of the command by name.
        command: Name of the command; that of the playbook by default.
        **variables: Variables of the playbook.
    """
    sys.exit(
        converge(command or playbook, (playbook,), False, with_variables(choice, variables), given)
    )


def with_variables(choice: LabChoice, variables: Mapping[str, Any]) -> LabChoice:
    """Return the choice of a lab with variables of a playbook."""
    return replace(choice, extra_vars=(*choice.extra_vars, json.dumps(variables)))
