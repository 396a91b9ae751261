"""The options of the commands that run a playbook, under the names that Ansible gives them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from slipway.commands.names import complete_tags
from slipway.commands.options import Function, json_option, quiet_option
from slipway.lab.choice import LabChoice
from slipway.lab.extra_vars import EXTRA_VARS, INVENTORY, values_of, without


class PlaybookCommand(click.Command):
    """A command that passes the flags after ``--`` to ansible-playbook."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and require ``--`` before flags of ansible-playbook."""
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as problem:
            problem.message = (problem.message or "") + (
                f" No such option: {problem.option_name}."
                " Other flags of ansible-playbook go after --."
            )
            raise
        flags = ctx.params.get("ansible_args") or ()
        if flags and not str(flags[0]).startswith("-"):
            ctx.fail(f"unexpected argument {flags[0]!r}; flags of ansible-playbook go after --")
        return rest


CHANGES = (
    click.option("-C", "--check", is_flag=True, help="Predict changes without making them."),
    click.option("-D", "--diff", is_flag=True, help="Show the differences in changed files."),
    click.option("-v", "--verbose", count=True,
                 help="Show Ansible's output instead of progress; -vvv shows more."),
)  # fmt: skip


def playbook_options(function: Function) -> Function:
    """Add Ansible's own flags, except those that choose the lab."""
    for decorate in reversed(
        (
            click.option("-l", "--limit", metavar="PATTERN", help="Run only on these hosts."),
            click.option("-t", "--tags", multiple=True, metavar="TAGS", shell_complete=complete_tags,
                         help="Run only these phases or tags."),
            click.option("--skip-tags", multiple=True, metavar="TAGS", shell_complete=complete_tags,
                         help="Skip these phases or tags."),
            *CHANGES[:2],
            click.option("--start-at-task", metavar="NAME", help="Start at the task with this name."),
            CHANGES[2],
            quiet_option,
            json_option,
            click.argument("ansible_args", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS]"),
        )
    ):  # fmt: skip
        function = decorate(function)
    return function


def run_options(function: Function) -> Function:
    """Add the flags of Ansible that commands with a list of arguments have."""

    @functools.wraps(function)
    def command(
        check: bool, diff: bool, verbose: int, quiet: bool, as_json: bool, **own: Any
    ) -> Any:
        given = {
            "check": check,
            "diff": diff,
            "verbose": verbose,
            "quiet": quiet,
            "as_json": as_json,
        }
        return function(given={**given, "ansible_args": ()}, **own)

    for decorate in reversed((*CHANGES, quiet_option, json_option)):
        command = decorate(command)
    return command


def extra_var_arguments(extra_vars: Iterable[str]) -> list[str]:
    """Return ``-e`` arguments that name files by absolute paths."""
    arguments: list[str] = []
    for value in extra_vars:
        file = value.startswith("@") and Path(value[1:]).expanduser().exists()
        arguments += ["-e", f"@{Path(value[1:]).expanduser().resolve()}" if file else value]
    return arguments


def ansible_arguments(extra_vars: Iterable[str], given: Mapping[str, Any]) -> list[str]:
    """Return the arguments of ansible-playbook besides inventory and playbook.

    Args:
        extra_vars: Values of ``-e``.
        given: The other options by name; those that are missing count as not given.
    """
    arguments = extra_var_arguments(extra_vars)
    for flag, name in (("--limit", "limit"), ("--start-at-task", "start_at_task")):
        if given.get(name):
            arguments += [flag, given[name]]
    for flag, name in (("--tags", "tags"), ("--skip-tags", "skip_tags")):
        if given.get(name):
            arguments += [flag, ",".join(given[name])]
    arguments += [f"--{name}" for name in ("check", "diff") if given.get(name)]
    if given.get("verbose"):
        arguments.append("-" + "v" * given["verbose"])
    return [*arguments, *given.get("ansible_args", ())]


def take_choice(given: Mapping[str, Any], choice: LabChoice) -> tuple[dict[str, Any], LabChoice]:
    """Move inventories and variables that follow ``--`` to the choice of the lab.

    Args:
        given: The options of the command by name.
        choice: The lab that the options before ``--`` choose.
    """
    words = given["ansible_args"]
    choice = replace(
        choice,
        inventories=(*choice.inventories, *values_of(INVENTORY, words)),
        extra_vars=(*choice.extra_vars, *values_of(EXTRA_VARS, words)),
    )
    rest = without(EXTRA_VARS, without(INVENTORY, words))
    return {**given, "ansible_args": tuple(rest)}, choice
