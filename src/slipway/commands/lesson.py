"""Run lessons on the lab as demonstrations, and practise them."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from slipway.commands.authoring import lint, new, rehearse
from slipway.commands.course import export, page
from slipway.commands.lesson_run import list_all, run
from slipway.commands.names import complete_lessons
from slipway.commands.practice import COMMANDS
from slipway.commands.practice_start import break_, start
from slipway.commands.preview import preview


class LessonGroup(click.Group):
    """The commands of lessons. Any other first word is the name of a lesson to run."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``run`` before the name of a lesson."""
        helps = {"-h", "--help"}
        if args and args[0] not in self.commands and args[0] not in helps:
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a student uses them."""
        return list(self.commands)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete commands, and the lessons that `run` takes."""
        names = complete_lessons(ctx, click.Argument(["names"]), incomplete)
        found = super().shell_complete(ctx, incomplete)
        return [*found, *(CompletionItem(name) for name in names)]


@click.group(cls=LessonGroup, epilog="""\b
Examples:
  ./slipway lesson list
  ./slipway lesson start tutorial
  ./slipway lesson tutorial --explain""")  # fmt: skip
def lesson() -> None:
    """Practise lessons step by step, or run them as demonstrations.

    `lesson start NAME` begins a lesson that you do yourself: `check`, `hint`, `solve`, `next` and the
    other commands below work on its current task. `lesson NAME` runs the whole lesson for you.
    """


for command in (
    start,
    *COMMANDS,
    break_,
    page,
    run,
    list_all,
    export,
    new,
    lint,
    preview,
    rehearse,
):
    lesson.add_command(command)
