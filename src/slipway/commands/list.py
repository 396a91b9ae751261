"""List the labs on this machine."""

from __future__ import annotations

import json

import click

from slipway.commands.options import json_option
from slipway.errors import SlipwayError


@click.command("list", epilog="""\b
Examples:
  ./slipway list
  ./slipway list --json""")  # fmt: skip
@json_option
def list_labs(as_json: bool) -> None:
    """List the labs of all accounts on this machine, with state, owner, age, memory, disk and network.

    A lab whose state directory is gone is listed too. `down --lab NAME` removes it.
    """
    from ansible_collections.slipway.lab.plugins.module_utils.labs.reading import (
        EngineSilentError,
        describe_labs,
        socket_path,
    )
    from slipway.output.labs import show_labs

    try:
        labs = describe_labs(socket_path(), usage=True)
    except EngineSilentError as problem:
        raise SlipwayError(problem.message) from problem
    if as_json:
        print(json.dumps({"labs": labs}, indent=2))
    else:
        show_labs(labs)
