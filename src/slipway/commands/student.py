"""Join a class on the lab of a teacher, and leave it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from slipway.commands.converge import converge, with_variables
from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import run_options
from slipway.errors import UsageError
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice

PLAYBOOK = "lessons/class/join"


@click.command(epilog="""\b
Examples:
  ./slipway class join student-03.json
  ./slipway class join student-03.json --forwarded""")  # fmt: skip
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--forwarded", is_flag=True,
              help="Reach the lab through ports that ssh forwards to this machine.")  # fmt: skip
@lab_options
@run_options
def join(choice: LabChoice, given: dict[str, Any], file: Path, forwarded: bool) -> None:
    """Join a class with the FILE that the teacher gave you.

    Afterwards, `lesson start` works in your own namespace on the teacher's lab.
    """
    from slipway.classroom.place import forward_line, lab_name, read_place, unreached

    place = read_place(file)
    choice = choice if choice.lab else replace(choice, lab=lab_name(place))
    variables = {"class_file": str(file.resolve()), "class_forwarded": forwarded}
    code = converge("join", (PLAYBOOK,), False, with_variables(choice, variables), given)
    if code == ExitCode.OK and not given["as_json"]:
        if address := unreached(place, forwarded):
            click.echo(f"slipway: {address} does not answer. Forward it in another terminal:")
            click.echo(f"  {forward_line(place)}")
            if not forwarded:
                click.echo(f"and join again: {choice.lines.of(f'class join {file} --forwarded')}")
        click.echo(f" next  {choice.lines.of('lesson start ' + place['lessons'][0])}")
    sys.exit(code)


@click.command(epilog="\b\nExample:\n  ./slipway class leave --lab math-student-03")
@lab_options
@run_options
def leave(choice: LabChoice, given: dict[str, Any]) -> None:
    """Forget a class that you joined, with its credentials. Your work on the lab stays.

    The record of your lessons on this machine is removed; the teacher keeps the published one.
    """
    choice = existing_lab(choice, given["quiet"])
    project = choice.project()
    if not project.student.exists():
        raise UsageError(f'"{project.lab}" is a lab of your own, and no class')
    variables = {"class_state": "absent"}
    sys.exit(converge("leave", (PLAYBOOK,), False, with_variables(choice, variables), given))
