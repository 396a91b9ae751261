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
    return _named(choice, choice.existing(), quiet)


def existing_lab_or_own(choice: LabChoice, quiet: bool = False) -> LabChoice:
    """Return the choice of a lab that is up, or without one the choice itself.

    Args:
        choice: What the user said.
        quiet: Do not report that another lab than the default one is used.
    """
    return _named(choice, choice.existing_or_own(), quiet)


def _named(choice: LabChoice, found: LabChoice, quiet: bool) -> LabChoice:
    """Return the lab that was found, after reporting that it is another one than the default one."""
    if found is not choice and not quiet:
        click.echo(
            f'slipway: using lab "{found.lab}", the only one that is up or the latest', err=True
        )
    return found
