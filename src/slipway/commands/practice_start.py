"""The commands that set the scene of a lesson or of a puzzle."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.commands.existing import existing_lab
from slipway.commands.names import complete_lessons
from slipway.commands.options import json_option, lab_options, language_option, quiet_option
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway lesson start tutorial
  ./slipway lesson start scaling --task scale-out --lang ko
  ./slipway lesson start ./my-lesson
  ./slipway lesson start https://git.example.com/team/my-lesson.git#v2""")  # fmt: skip
@click.argument("name", shell_complete=complete_lessons, metavar="LESSON|DIRECTORY|ADDRESS")
@lab_options
@click.option("--task", default="", metavar="TASK", help="Begin with this task.")
@click.option("--restart", is_flag=True, help="Forget what was done, and begin at the first task.")
@language_option("Language of the texts.")
@click.option("-v", "--verbose", count=True, help="Show Ansible's output instead of progress.")
@quiet_option
@json_option
def start(choice: LabChoice, name: str, task: str, restart: bool, **given: Any) -> None:
    """Set the scene of a lesson, and show its current task.

    A lesson that was begun before continues where it ended. A lesson runs its commands as you, and
    as root on the lab's host, so start only lessons of authors that you trust.
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
    from slipway.lessons.puzzle_list import list_puzzles
    from slipway.lessons.puzzles import find_puzzle
    from slipway.lessons.scene_session import set_scene

    choice = existing_lab(choice, given["quiet"])
    project = choice.project()
    if name is None:
        sys.exit(list_puzzles(project, given["lang"], given["as_json"]))
    lesson, puzzle = find_puzzle(project, name)
    sys.exit(set_scene(choice, lesson, given, practice_task=puzzle))
