"""Print the completion script for a shell."""

from __future__ import annotations

import os

import click

from slipway.completion import source
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  eval "$(./slipway completion bash)"
  ./slipway completion fish | source""")  # fmt: skip
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script for a shell."""
    print(
        source(
            shell, ctx.find_root().command, str(LabChoice(os.environ).project().root / "slipway")
        )
    )
