"""Check whether this machine can run a lab."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import click

from slipway.commands.options import (
    json_option,
    lab_options,
    service_vars,
    services_option,
)
from slipway.commands.playbook_options import extra_var_arguments
from slipway.errors import LabNameError
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice

# By the option --security, and whether there was no error.
CONCLUSIONS = {
    (False, True): "this machine can run a lab",
    (False, False): "this machine cannot run a lab yet",
    (True, True): "no check failed",
    (True, False): "some checks failed",
}


@click.command(epilog="""\b
Examples:
  ./slipway doctor
  ./slipway doctor --with monitoring -e lab_hosts_subnet=10.214.0.0/24
  ./slipway doctor --security""")  # fmt: skip
@click.option(
    "--security",
    is_flag=True,
    help="Check points of security instead: sockets, accounts, file modes, settings of Docker and Kubernetes.",
)
@lab_options
@services_option
@json_option
def doctor(choice: LabChoice, services: str | None, security: bool, as_json: bool) -> None:
    """Check whether this machine can run a lab. Changes nothing."""
    from slipway.doctor import examine_lab, has_errors, rejected
    from slipway.output.findings import print_findings
    from slipway.run.cluster_security import cluster_security

    try:
        choice = replace(choice, extra_vars=(*choice.extra_vars, *service_vars(services)))
        extra_vars = choice.resolved().extra_vars
        findings = examine_lab(choice.project(), extra_var_arguments(extra_vars), security)
        if security:
            findings += cluster_security(choice.project(), extra_vars, as_json)
    except LabNameError as problem:  # the other checks examine directories of that name
        findings = rejected("lab name", str(problem), problem.next_step)
    fit = not has_errors(findings)
    if as_json:
        print(json.dumps({"ok": fit, "findings": [one.as_dict() for one in findings]}, indent=2))
    else:
        print_findings(findings, CONCLUSIONS[security, fit])
    sys.exit(ExitCode.OK if fit else ExitCode.FAILED if security else ExitCode.UNFIT)
