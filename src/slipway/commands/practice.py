"""The commands of a student who practises a lesson: start, check, hint, solve, next and others."""

from __future__ import annotations

import functools
import sys
from typing import Any

import click

from slipway.commands.existing import existing_lab
from slipway.commands.names import complete_lessons
from slipway.commands.options import (
    Function,
    json_option,
    lab_options,
    language_option,
    quiet_option,
)
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice
from slipway.lessons.desk import Desk


def on_desk(function: Function) -> Function:
    """Add the options that all these commands have; the command gets the student's desk."""

    @lab_options
    @language_option("Language of the texts.")
    @json_option
    @functools.wraps(function)
    def command(choice: LabChoice, lang: str, as_json: bool, **given: Any) -> Any:
        choice = existing_lab(choice, quiet=True)
        desk = Desk(choice.project(), choice.lines, lang, as_json)
        with desk.errors():
            return function(desk, **given)

    return command


@click.command(epilog="""\b
Examples:
  ./slipway lesson start tutorial
  ./slipway lesson start scaling --task scale-out --lang ko""")  # fmt: skip
@click.argument("name", shell_complete=complete_lessons)
@lab_options
@click.option("--task", default="", metavar="TASK", help="Begin with this task.")
@click.option("--restart", is_flag=True, help="Forget what was done, and begin at the first task.")
@language_option("Language of the texts.")
@click.option("-v", "--verbose", count=True, help="Show Ansible's output instead of progress.")
@quiet_option
@json_option
def start(choice: LabChoice, name: str, task: str, restart: bool, **given: Any) -> None:
    """Set the scene of a lesson, and show its current task.

    A lesson that was begun before goes on where it ended.
    """
    from slipway.lessons.scene_session import set_scene

    choice = existing_lab(choice, given["quiet"])
    sys.exit(set_scene(choice, name, given, practice_task=task, practice_restart=restart))


@click.command(name="break", epilog="""\b
Examples:
  ./slipway lesson break
  ./slipway lesson break tutorial
  ./slipway lesson break shop-unreachable""")  # fmt: skip
@click.argument("name", required=False, metavar="[LESSON|PUZZLE]")
@lab_options
@language_option("Language of the texts.")
@click.option("-v", "--verbose", count=True, help="Show Ansible's output instead of progress.")
@quiet_option
@json_option
def break_(choice: LabChoice, name: str | None, **given: Any) -> None:
    """Break something, and show the symptom: find the cause and repair it.

    Without a name, list the puzzles. With a lesson, take its next puzzle that is not solved.
    """
    from slipway.lessons.puzzles import find_puzzle, list_puzzles
    from slipway.lessons.scene_session import set_scene

    choice = existing_lab(choice, given["quiet"])
    project = choice.project()
    if name is None:
        sys.exit(list_puzzles(project, given["lang"], given["as_json"]))
    lesson, puzzle = find_puzzle(project, name)
    sys.exit(set_scene(choice, lesson, given, practice_task=puzzle))


@click.command()
@on_desk
def task(desk: Desk) -> None:
    """Show the current task again."""
    desk.show_task()


@click.command()
@click.option("--wait", type=click.FloatRange(0), default=3, show_default=True, metavar="SECONDS",
              help="Time that an outcome may take.")  # fmt: skip
@on_desk
def check(desk: Desk, wait: float) -> None:
    """Check the outcome of the current task, whichever way it was made."""
    sys.exit(ExitCode.OK if desk.check(wait) else ExitCode.FAILED)


@click.command()
@on_desk
def watch(desk: Desk) -> None:
    """Check again and again while you work, until all is done or Ctrl-C."""
    desk.watch()


@click.command()
@click.argument("answer")
@on_desk
def predict(desk: Desk, answer: str) -> None:
    """Record your answer to the question of the task; the check shows the measured one beside it."""
    desk.predict(answer)


@click.command()
@on_desk
def hint(desk: Desk) -> None:
    """Show one more hint for the current task."""
    desk.hint()


@click.command()
@click.option("--show", is_flag=True, help="Show the commands without running them.")
@on_desk
def solve(desk: Desk, show: bool) -> None:
    """Show the commands that solve the current task, and run them."""
    sys.exit(ExitCode.OK if desk.solve(show) else ExitCode.FAILED)


@click.command()
@click.option("--lesson", "whole", is_flag=True,
              help="Begin the whole lesson again, and forget its record.")  # fmt: skip
@on_desk
def reset(desk: Desk, whole: bool) -> None:
    """Restore the state in which the current task starts."""
    desk.reset(whole)


@click.command(name="next")
@on_desk
def next_(desk: Desk) -> None:
    """Go on to the next task."""
    desk.next()


@click.command()
@on_desk
def progress(desk: Desk) -> None:
    """Show the tasks of the lesson, and what was done in each."""
    desk.show_progress()


@click.command(epilog="""\b
Example:
  eval "$(./slipway lesson env)\"""")  # fmt: skip
@on_desk
def env(desk: Desk) -> None:
    """Print shell commands that set up a shell for the lesson: kubectl, and its namespace."""
    desk.print_environment()


@click.command()
@on_desk
def end(desk: Desk) -> None:
    """Remove everything that the lesson made. Your progress is kept."""
    desk.end()


@click.command(name="test")
@click.argument("tasks", nargs=-1, metavar="[TASK...]")
@on_desk
def rehearse(desk: Desk, tasks: tuple[str, ...]) -> None:
    """Test the tasks of the lesson that was started, for authors.

    Each task must be red at its start, stay red after each wrong solution, and be green after its
    solution. Commands of the text must succeed. The namespace of the lesson is emptied many times.
    """
    sys.exit(ExitCode.OK if desk.rehearse(tasks) else ExitCode.FAILED)


COMMANDS = (
    start, task, check, watch, predict, hint, solve, reset, next_, progress, break_, env, end, rehearse,
)  # fmt: skip
