"""Find the lab that a command works on, and report when it is not the default one."""

from __future__ import annotations

import click

from slipway.lab.choice import LabChoice


def existing_lab(choice: LabChoice, quiet: bool = False) -> LabChoice:
    """Return the choice of a lab that is up.

    Args:
        choice: What the user said.
        quiet: Do not report that another lab than the default one is used.

    Raises:
        NoLabError: The lab is not up.
    """
    found = choice.existing()
    if found is not choice and not quiet:
        click.echo(
            f'slipway: using lab "{found.lab}", the only one that is up or the latest', err=True
        )
    return found
