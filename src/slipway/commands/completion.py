"""Print completion for a shell."""

from __future__ import annotations

import click

from slipway.commands.options import LabChoice
from slipway.completion import source


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print completion for a shell: eval "$(./slipway completion bash)"."""
    print(source(shell, ctx.find_root().command, str(LabChoice().project().root / "slipway")))
