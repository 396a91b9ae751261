"""The commands of authors: begin a lesson, check its texts, and test its tasks on the lab."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slipway.commands.names import complete_lessons
from slipway.commands.options import lab_options
from slipway.commands.practice import example, on_desk
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice

if TYPE_CHECKING:
    from slipway.lessons.desk import Desk


@click.command(epilog="""\b
Example:
  ./slipway lesson new ./my-lesson""")  # fmt: skip
@lab_options
@click.argument("directory", type=click.Path(path_type=Path))
def new(choice: LabChoice, directory: Path) -> None:
    """Begin a lesson of your own: a directory with a task, a puzzle and both texts.

    It works as it stands: `lesson start ./my-lesson` starts it, and `lesson test` tests it.
    """
    from slipway.lessons.own_lessons import write_template

    write_template(directory)
    click.echo(
        f"{directory}: edit tasks.yml, en.md and ko.md; then "
        f"{choice.lines.of('lesson lint', str(directory))}"
    )


@click.command(epilog="""\b
Examples:
  ./slipway lesson lint ./my-lesson
  ./slipway lesson lint tutorial""")  # fmt: skip
@lab_options
@click.argument("name", shell_complete=complete_lessons, metavar="LESSON|DIRECTORY")
def lint(choice: LabChoice, name: str) -> None:
    """Check that the texts and the tasks of a lesson fit together, in both languages."""
    from slipway.lessons.own_lessons import lint_folder

    problems = lint_folder(choice.project(), name)
    for problem in problems:
        click.echo(problem)
    sys.exit(ExitCode.FAILED if problems else ExitCode.OK)


@click.command(name="test", epilog=example("test scale-bootcamp"))
@click.argument("tasks", nargs=-1, metavar="[TASK...]")
@on_desk
def rehearse(desk: Desk, tasks: tuple[str, ...]) -> None:
    """Test the tasks of the lesson that was started, for authors.

    Each task must be red at its start, stay red after each wrong solution, and be green after its
    solution. Commands of the text must succeed. The namespace of the lesson is emptied many times.
    """
    from slipway.lessons.rehearse import rehearse_lesson

    sys.exit(rehearse_lesson(desk.practice, tasks, desk.as_json))
