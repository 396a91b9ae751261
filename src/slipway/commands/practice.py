"""The commands of a student in the current task: check, hint, solve, next and others."""

from __future__ import annotations

import functools
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from slipway import STARTED
from slipway.commands.existing import existing_lab
from slipway.commands.options import (
    Function,
    json_option,
    lab_options,
    language_option,
)
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice

if TYPE_CHECKING:
    from slipway.lessons.desk import Desk


def example(words: str) -> str:
    """Return the example at the end of the help of a command."""
    return f"\b\nExample:\n  ./slipway lesson {words}"


def on_desk(function: Function) -> Function:
    """Add the options that all these commands have; the command gets the student's desk."""

    @lab_options
    @language_option("Language of the texts.")
    @json_option
    @functools.wraps(function)
    def command(choice: LabChoice, lang: str, as_json: bool, **given: Any) -> Any:
        from slipway.lessons.desk import Desk
        from slipway.lessons.practice_state import open_practice, reported_errors

        choice = existing_lab(choice, quiet=True)
        with reported_errors():
            practice = open_practice(choice.project(), choice.lines, lang)
            return function(Desk(practice, choice.lines, lang, as_json), **given)

    return command


@click.command(epilog=example("task --lang ko"))
@on_desk
def task(desk: Desk) -> None:
    """Show the current task again."""
    desk.show_task()


@click.command(epilog=example("check --wait 20"))
@click.option("--wait", type=click.FloatRange(0), default=3, show_default=True, metavar="SECONDS",
              help="Time that an outcome may take, from the start of the command.")  # fmt: skip
@on_desk
def check(desk: Desk, wait: float) -> None:
    """Check the outcome of the current task, whichever way it was made."""
    left = max(0, STARTED + wait - time.monotonic())
    sys.exit(ExitCode.OK if desk.check(left) else ExitCode.FAILED)


@click.command(epilog=example("watch"))
@on_desk
def watch(desk: Desk) -> None:
    """Check once a second while you work, until the task is done or Ctrl-C."""
    desk.watch()


@click.command(epilog=example("predict 3"))
@click.argument("answer")
@on_desk
def predict(desk: Desk, answer: str) -> None:
    """Record your answer to the question of the task; the check shows the measured one beside it."""
    desk.predict(answer)


@click.command(epilog=example("hint"))
@on_desk
def hint(desk: Desk) -> None:
    """Show one more hint for the current task."""
    desk.hint()


@click.command(epilog=example("solve --show"))
@click.option("--show", is_flag=True, help="Show the commands without running them.")
@on_desk
def solve(desk: Desk, show: bool) -> None:
    """Show the commands that solve the current task, and run them."""
    sys.exit(ExitCode.OK if desk.solve(show) else ExitCode.FAILED)


@click.command(epilog=example("reset --lesson"))
@click.option("--lesson", "whole", is_flag=True,
              help="Begin the whole lesson again, and forget its record.")  # fmt: skip
@on_desk
def reset(desk: Desk, whole: bool) -> None:
    """Restore the state in which the current task starts."""
    desk.reset(whole)


@click.command(name="next", epilog=example("next"))
@on_desk
def next_(desk: Desk) -> None:
    """Continue with the next task."""
    desk.next()


@click.command(epilog=example("progress --json"))
@on_desk
def progress(desk: Desk) -> None:
    """Show the tasks of the lesson, and what was done in each."""
    desk.show_progress()


@click.command(epilog='\b\nExample:\n  eval "$(./slipway lesson env)"')
@on_desk
def env(desk: Desk) -> None:
    """Print shell commands that set up a shell for the lesson: kubectl, and its namespace."""
    from slipway.lessons.practice_state import shell_lines

    environment = desk.practice.scene.environment
    if desk.as_json:
        variables = {name: value for name, value in environment.items() if name != "PATH"}
        print(json.dumps({"path": [environment["PATH"]], "variables": variables}, indent=2))
    else:
        print(*shell_lines(desk.practice.scene), sep="\n")


@click.command(epilog=example("end"))
@on_desk
def end(desk: Desk) -> None:
    """Remove everything that the lesson made. Your progress is kept."""
    desk.end()


COMMANDS = (task, check, watch, predict, hint, solve, reset, next_, progress, env, end)
