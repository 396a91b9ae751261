"""Examine whether this machine can run a lab."""

from __future__ import annotations

import json
import sys

import click

from slipway.commands.options import (
    LabChoice,
    json_option,
    lab_options,
    service_vars,
    services_option,
)
from slipway.commands.playbook_options import extra_var_arguments
from slipway.exit_codes import ExitCode


@click.command()
@lab_options
@services_option
@json_option
def doctor(choice: LabChoice, services: str | None, as_json: bool) -> None:
    """Examine whether this machine can run a lab. Changes nothing."""
    from slipway.doctor import examine, has_errors
    from slipway.doctor.machine import Machine
    from slipway.output.status import findings_summary, show_findings
    from slipway.output.views import result_console

    arguments = extra_var_arguments((*choice.extra_vars, *service_vars(services)))
    findings = examine(Machine(choice.project(), arguments=tuple(arguments)))
    fit = not has_errors(findings)
    if as_json:
        print(json.dumps({"ok": fit, "findings": [one.as_dict() for one in findings]}, indent=2))
    else:
        console = result_console()
        show_findings(console, findings)
        words = "this machine can run a lab" if fit else "this machine cannot run a lab yet"
        console.print(f"\n {findings_summary(findings)}: {words}")
    sys.exit(ExitCode.OK if fit else ExitCode.UNFIT)
