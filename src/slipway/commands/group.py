"""The group of all commands: loaded when needed, listed in sections, errors as messages."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from slipway.errors import SlipwayError


class CommandGroup(click.Group):
    """Commands that are imported when they are used, so that a start stays quick.

    Args:
        sections: Headings of the help, each with its commands: name, and module:attribute.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Mapping[str, str]], **extra: Any):
        super().__init__(*args, **extra)
        self.sections = sections

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order in which they are used."""
        return [name for commands in self.sections.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; ``None`` when there is no such command."""
        for commands in self.sections.values():
            if place := commands.get(cmd_name):
                module, _, attribute = place.partition(":")
                command: click.Command = vars(import_module(module))[attribute]
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help."""
        for title, names in self.sections.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, one.get_short_help_str(70)) for name, one in commands if one]
            with formatter.section(title):
                formatter.write_dl(rows)

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> Any:
        """Run a command; print an error of Slipway's as one message."""
        try:
            return super().main(args, *more, **extra)
        except SlipwayError as problem:
            click.echo(f"slipway: {problem}", err=True)
            sys.exit(problem.exit_code)
