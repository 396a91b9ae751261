"""A class on the lab: students with namespaces of their own, their board and their results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from slipway.commands.class_board import list_classes, page, show, verify
from slipway.commands.converge import converge, with_variables
from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import run_options
from slipway.commands.student import join, leave
from slipway.lab.choice import LabChoice

FOLDER = "lessons/class"


@click.group("class")
def classroom() -> None:
    """Teach a class on the lab: a namespace, credentials and a record for each student."""


@classroom.command(epilog="""\b
Examples:
  ./slipway class create math --students 20
  ./slipway class create math --lessons tutorial,scaling --days 2""")  # fmt: skip
@click.argument("name")
@click.option("--students", type=click.IntRange(1, 80), default=20, show_default=True,
              help="How many students the class has at least.")  # fmt: skip
@click.option("--lessons", default="", metavar="LESSONS",
              help="Lessons, separated by commas. [default: all that need one namespace only]")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True,
              help="How long the students' credentials are valid.")  # fmt: skip
@lab_options
@run_options
def create(
    choice: LabChoice, given: dict[str, Any], name: str, students: int, lessons: str, days: int
) -> None:
    """Make the class NAME, or give it more students or new credentials.

    Each student gets a namespace with quota, limits, network policies and rights, a node port, and
    a file to `class join` with. Students that the class has keep their work.
    """
    variables = {"class_name": name, "class_students": students, "class_days": days}
    if lessons:
        variables |= {"class_lessons": [one.strip() for one in lessons.split(",") if one.strip()]}
    _converge(choice, given, "create", "class.json", **variables)


@classroom.command(epilog="""\b
Examples:
  ./slipway class reset math student-03
  ./slipway class reset math""")  # fmt: skip
@click.argument("name")
@click.argument("student", required=False, default="")
@lab_options
@run_options
def reset(choice: LabChoice, given: dict[str, Any], name: str, student: str) -> None:
    """Give the students of the class NAME, or one, empty namespaces again.

    Credentials, node ports and records of what was done stay.
    """
    _converge(choice, given, "reset", class_name=name, class_student=student)


@classroom.command(epilog="\b\nExample:\n  ./slipway class delete math")
@click.argument("name")
@lab_options
@run_options
def delete(choice: LabChoice, given: dict[str, Any], name: str) -> None:
    """Remove the class NAME with all work of its students. Export the results before.

    Only what has the label of the class is removed.
    """
    _converge(choice, given, "delete", class_name=name)


@classroom.command(epilog="\b\nExample:\n  ./slipway class export math ./results")
@click.argument("name")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@lab_options
@run_options
def export(choice: LabChoice, given: dict[str, Any], name: str, directory: Path) -> None:
    """Write the results of the class NAME into DIRECTORY: CSV, JUnit and JSON, with a signature."""
    variables = {"class_name": name, "class_export": str(directory.resolve())}
    _converge(choice, given, "export", "class.json", **variables)


def _converge(
    choice: LabChoice, given: dict[str, Any], playbook: str, result: str = "", **variables: Any
) -> None:
    choice = existing_lab(choice, given["quiet"])
    wanted = with_variables(choice, variables)
    sys.exit(converge("class", (f"{FOLDER}/{playbook}",), False, wanted, given, result))


for command in (list_classes, show, page, verify, join, leave):
    classroom.add_command(command)
