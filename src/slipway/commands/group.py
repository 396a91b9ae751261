"""The group of all commands: loaded when needed, listed in sections, errors as messages."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from slipway.commands.streams import disk_error, open_closed_streams
from slipway.config import config_files, option_defaults, read_config
from slipway.errors import SlipwayError, UsageError
from slipway.exit_codes import ExitCode
from slipway.lab.project import project_root

COMPLETION = "_SLIPWAY_COMPLETE"
# Commands whose arguments belong to another program.
FOREIGN = (["kubectl"], ["minikube"], ["bench", "lab"])


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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the first argument; name a similar one when there is no such command."""
        near = get_close_matches(args[0], self.list_commands(ctx), 1)
        if near and near != args[:1] and not ctx.resilient_parsing:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help."""
        for title, names in self.sections.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, one.get_short_help_str(70)) for name, one in commands if one]
            with formatter.section(title):
                formatter.write_dl(rows)

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Run a command and exit. Errors become messages, and JSON where JSON was asked for."""
        open_closed_streams()
        words = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        try:
            code = super().main(words, prog_name, default_map=self._defaults(words), **extra)
        except click.ClickException as problem:
            problem.show()
            error = UsageError(problem.format_message())
            error.exit_code = ExitCode(problem.exit_code)
            code = report_error(error, words, shown=True)
        except SlipwayError as problem:
            code = report_error(problem, words)
        except (click.Abort, KeyboardInterrupt):
            interrupted = SlipwayError("interrupted")
            interrupted.kind, interrupted.exit_code = "interrupted", ExitCode.INTERRUPTED
            code = report_error(interrupted, words)
        except Exception as problem:
            full = disk_error(problem) if isinstance(problem, OSError) else None
            code = report_error(full, words) if full else report_crash(problem, words)
        sys.exit(code if isinstance(code, int) else ExitCode.OK)

    def _defaults(self, words: Sequence[str]) -> dict[str, Any]:
        """Return the values of the configuration file for the command of these arguments.

        Raises:
            UsageError: The file is wrong.
        """
        if COMPLETION in os.environ:  # a Tab key must not print errors
            return {}
        config = read_config(config_files(project_root(), os.environ))
        values = option_defaults(config, os.environ)
        names = [name for commands in self.sections.values() for name in commands]
        name = next((word for word in words if word in names), "")
        command = self.get_command(click.Context(self), name) if values else None
        if isinstance(command, click.Group):
            return {name: dict.fromkeys(command.commands, values)}
        return {name: values}


def report_crash(problem: Exception, words: Sequence[str]) -> int:
    """Print an error that no code expected, with its traceback; return the exit code.

    Args:
        problem: The error.
        words: The arguments of the command.
    """
    traceback.print_exc()
    crash = SlipwayError(f"{type(problem).__name__}: {problem}")
    crash.kind = "crash"
    return report_error(crash, words, shown=True)


def report_error(problem: SlipwayError, words: Sequence[str], shown: bool = False) -> int:
    """Print an error, and as JSON on standard output where JSON was asked for; return the exit code.

    Args:
        problem: The error.
        words: The arguments of the command.
        shown: The message was already printed.
    """
    if not shown:
        step = f"; {problem.next_step}" if problem.next_step else ""
        click.echo(f"slipway: {problem}{step}", err=True)
    if wants_json(words):
        document = {
            "ok": False,
            "kind": problem.kind,
            "error": str(problem),
            "next_step": problem.next_step or None,
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
    return problem.exit_code


def wants_json(words: Sequence[str]) -> bool:
    """Return whether the arguments ask for JSON, even when they cannot be parsed."""
    if any(list(words[: len(name)]) == name for name in FOREIGN):
        return False
    own = list(words)
    own = own[: own.index("--")] if "--" in own else own
    return "--json" in own
