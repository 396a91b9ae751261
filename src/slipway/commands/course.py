"""The course as pages: export files, or serve them with marks of what is done."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from slipway.commands.options import lab_options
from slipway.commands.serving import page_options, serve_pages
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Example:
  ./slipway lesson export course""")  # fmt: skip
@lab_options
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def export(choice: LabChoice, directory: Path) -> None:
    """Write the course as pages for a browser, in English and Korean.

    The pages need no server and no network. After a lesson was started on the lab, its addresses
    are in the commands.
    """
    from slipway.course.pages import write_course

    choice = choice.existing_or_own()  # the course can be read before there is a lab
    written = write_course(choice.project(), choice.lines, directory)
    click.echo(f"{directory / 'index.html'}: {len(written)} files")


@click.command(epilog="""\b
Examples:
  ./slipway lesson page
  ./slipway lesson page --no-browser --port 8010""")  # fmt: skip
@lab_options
@page_options
def page(choice: LabChoice, **given: Any) -> None:
    """Serve the course on loopback until Ctrl-C; its pages show what is done as you work.

    The pages of lessons have a terminal: a shell of yours, set up for the lesson that was started. Its
    program, xterm.js, is fetched from npm when it is opened for the first time.
    """
    from slipway.course.pages import write_course
    from slipway.course.state import read_state
    from slipway.course.terminals import Terminals

    choice = choice.existing_or_own()
    project, lines = choice.project(), choice.lines
    with tempfile.TemporaryDirectory(prefix="slipway-course-") as folder:
        write_course(project, lines, Path(folder), live=True)
        terminals = Terminals.of(project)
        serve_pages(Path(folder), lambda: read_state(project, lines), terminals=terminals, **given)
