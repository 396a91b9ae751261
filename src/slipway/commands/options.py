"""The options that several commands share."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from slipway.lab.project import Project, locate

Function = Callable[..., Any]


@dataclass(frozen=True)
class LabChoice:
    """The lab that the user means.

    Args:
        inventories: Values of ``-i``.
        extra_vars: Values of ``-e``.
    """

    inventories: tuple[str, ...] = ()
    extra_vars: tuple[str, ...] = ()

    def project(self) -> Project:
        """Return the paths of the lab. Relative paths count from the user's directory.

        Raises:
            click.UsageError: An inventory does not exist.
        """
        for path in self.inventories:
            if "," not in path and not Path(path).exists():  # Ansible would go on without hosts
                raise click.UsageError(f"inventory {path} does not exist")
        return locate([_absolute(path) for path in self.inventories], self.extra_vars)


def _absolute(path: str) -> str:
    return str(Path(path).resolve()) if Path(path).exists() else path


def lab_options(function: Function) -> Function:
    """Add the options that choose a lab; the command gets them as ``choice``."""

    @functools.wraps(function)
    def command(inventory: tuple[str, ...], extra_vars: tuple[str, ...], **given: Any) -> Any:
        return function(choice=LabChoice(inventory, extra_vars), **given)

    for option in (
        click.option("-e", "--extra-vars", multiple=True, metavar="VARS",
                     help="Variables: name=value, JSON, or @FILE."),
        click.option("-i", "--inventory", multiple=True, metavar="PATH",
                     help="Inventory; inventories/lab without it."),
    ):  # fmt: skip
        command = option(command)
    return command


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as one JSON object."
)


def services_option(function: Function) -> Function:
    """Add ``--with``."""
    return click.option(
        "--with", "services", metavar="SERVICES",
        help="Also these services, separated by commas: registry, metrics_server, monitoring, logging.",
    )(function)  # fmt: skip


def service_vars(services: str | None) -> tuple[str, ...]:
    """Return the extra variables that ``--with`` is short for."""
    names = [name.strip() for name in (services or "").split(",") if name.strip()]
    return (json.dumps({"slipway_services": names}),) if names else ()
