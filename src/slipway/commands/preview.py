"""The page of a lesson for its author, which follows each edit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from slipway.commands.names import complete_lessons
from slipway.commands.options import lab_options
from slipway.commands.serving import page_options, serve_pages
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway lesson preview ./my-lesson
  ./slipway lesson preview ./my-lesson --lang ko --no-browser""")  # fmt: skip
@lab_options
@click.argument("name", shell_complete=complete_lessons, metavar="LESSON|DIRECTORY")
@page_options
def preview(choice: LabChoice, name: str, **given: Any) -> None:
    """Serve the page of a lesson on loopback until Ctrl-C, and show each change as you save it.

    Mistakes that `lesson lint` finds are printed, and come first on the page.
    """
    from slipway.course.preview import Preview
    from slipway.lessons.own_lessons import find_folder, lesson_name

    def report(problems: list[str]) -> None:
        for one in problems or ["no mistakes"]:
            click.echo(one)

    choice = choice.existing_or_own()
    directory = find_folder(choice.project(), name)
    with tempfile.TemporaryDirectory(prefix="slipway-preview-") as target:
        shown = Preview(
            choice.project(), choice.lines, directory, lesson_name(directory), Path(target), report
        )  # fmt: skip
        serve_pages(Path(target), shown.state, **given)
