"""Put the context of the lab into the user's kubeconfig, or take it out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from slipway.commands.converge import run_with
from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import run_options
from slipway.lab.choice import LabChoice

Function = Callable[..., Any]


@click.group()
def context() -> None:
    """Put the lab's context into your kubeconfig, or take it out again."""


def file_options(function: Function) -> Function:
    """Add the options that name the context and its file."""
    for option in (
        click.option("--kubeconfig", metavar="FILES", default="",
                     help="The kubeconfig files. [default: KUBECONFIG, or ~/.kube/config]"),
        click.option("--name", metavar="NAME", default="",
                     help="Name of the context. [default: slipway-LAB]"),
    ):  # fmt: skip
        function = option(function)
    return function


@context.command(epilog="""\b
Examples:
  ./slipway context add --use
  ./slipway context add --lab physics --name physics""")  # fmt: skip
@click.option("--use", is_flag=True, help="Make it the current context.")
@file_options
@lab_options
@run_options
def add(choice: LabChoice, given: dict[str, Any], use: bool, name: str, kubeconfig: str) -> None:
    """Put the lab's context into your kubeconfig.

    Entries of others are never changed. The former file stays as a backup beside it.
    """
    choice = existing_lab(choice, given["quiet"])
    run_with(
        "context", choice, given, context_use=use, context_name=name, context_kubeconfig=kubeconfig
    )


@context.command(epilog="""\b
Examples:
  ./slipway context remove""")  # fmt: skip
@file_options
@lab_options
@run_options
def remove(choice: LabChoice, given: dict[str, Any], name: str, kubeconfig: str) -> None:
    """Take the lab's context out of your kubeconfig.

    The context that was current before `add --use` is current again.
    """
    wanted = {"context_state": "absent", "context_name": name, "context_kubeconfig": kubeconfig}
    run_with("context", choice, given, **wanted)
