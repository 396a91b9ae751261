"""The options that several commands share."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from typing import Any

import click
from click.core import ParameterSource

from slipway.commands.names import complete_labs, complete_services
from slipway.lab.choice import LabChoice
from slipway.lab.services import known_services

Function = Callable[..., Any]


def lab_options(function: Function) -> Function:
    """Add the options that choose a lab; the command gets them as ``choice``."""

    @functools.wraps(function)
    def command(
        inventory: tuple[str, ...], extra_vars: tuple[str, ...], lab: str | None, **given: Any
    ) -> Any:
        # A lab that is named on the command line overrides inventories of the environment or the
        # configuration file, and inventories on the command line override a lab of these.
        by_flag = {name for name in ("inventory", "lab") if _is_flag(name)}
        if by_flag == {"lab"}:
            inventory = ()
        elif by_flag == {"inventory"}:
            lab = None
        return function(choice=LabChoice(os.environ, inventory, extra_vars, lab), **given)

    for option in (
        click.option("-e", "--extra-vars", multiple=True, metavar="VARS",
                     help="Variables: name=value, JSON, or @FILE."),
        click.option("-i", "--inventory", multiple=True, metavar="PATH",
                     help="The inventory. [default: inventories/lab]"),
        click.option("--lab", metavar="NAME", envvar="SLIPWAY_LAB", shell_complete=complete_labs,
                     help="The lab: its inventory, and -e slipway_lab=NAME."),
    ):  # fmt: skip
        command = option(command)
    return command


def _is_flag(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


json_option = click.option(
    "--json", "as_json", is_flag=True,
    help="Print the result as one JSON object. Progress goes to standard error.",
)  # fmt: skip

quiet_option = click.option(
    "-q", "--quiet", is_flag=True, envvar="SLIPWAY_QUIET", help="Show results and errors only."
)


def language_option(text: str) -> Callable[[Function], Function]:
    """Return the option ``--lang``.

    Args:
        text: Help of the option.
    """
    return click.option(
        "--lang", type=click.Choice(["en", "ko"]), envvar="SLIPWAY_LANG", default=usual_language,
        show_default="the language of the environment", help=text,
    )  # fmt: skip


def usual_language() -> str:
    """Return the language that the usual variables choose: ``ko`` or ``en``."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((value for name in names if (value := os.environ.get(name))), "")
    return "ko" if chosen.startswith("ko") else "en"


def services_option(function: Function) -> Function:
    """Add ``--with``."""
    return click.option(
        "--with", "services", metavar="SERVICES", envvar="SLIPWAY_SERVICES",
        shell_complete=complete_services,
        help="Add these services, separated by commas: registry, metrics_server, monitoring, logging.",
    )(function)  # fmt: skip


def service_vars(services: str | None) -> tuple[str, ...]:
    """Return the extra variables that ``--with`` is short for.

    Raises:
        BadParameter: A service is unknown.
    """
    names = [name.strip() for name in (services or "").split(",") if name.strip()]
    if not names:
        return ()
    known = known_services()  # empty in a project without this list; the playbook then checks
    if unknown := [name for name in names if known and name not in known]:
        raise click.BadParameter(
            f"Unknown services: {', '.join(unknown)}. Available: {', '.join(known)}",
            param_hint="--with",
        )
    return (json.dumps({"slipway_services": names}),)
