"""Show the classes on the lab, the board of one, and verify its results."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import (
    json_option,
    lab_options,
    quiet_option,
)
from slipway.commands.serving import page_options, serve_pages
from slipway.lab.choice import LabChoice


@click.command("list", epilog="\b\nExample:\n  ./slipway class list --json")
@lab_options
@json_option
def list_classes(choice: LabChoice, as_json: bool) -> None:
    """List the classes on the lab."""
    from slipway.classroom.board import read_classes, show_classes
    from slipway.output.console import result_console

    found = read_classes(existing_lab(choice, quiet=True).project())
    if as_json:
        print(json.dumps({"classes": found}, indent=2))
    else:
        show_classes(result_console(), found)


@click.command(epilog="""\b
Examples:
  ./slipway class show math --watch
  ./slipway class show math --json""")  # fmt: skip
@click.argument("name")
@click.option("--watch", is_flag=True, help="Show changes until Ctrl-C.")
@lab_options
@quiet_option
@json_option
def show(choice: LabChoice, name: str, watch: bool, quiet: bool, as_json: bool) -> None:
    """Show what each student of the class NAME did: tasks, checks and hints."""
    from slipway.classroom.board import read_class, show_class, watch_class
    from slipway.output.console import result_console

    if watch and as_json:
        raise click.UsageError("--watch needs a terminal; it cannot be combined with --json")
    project = existing_lab(choice, quiet).project()
    if watch:
        with contextlib.suppress(KeyboardInterrupt):
            watch_class(result_console(), project, name)
        return
    board = read_class(project, name)
    if as_json:
        print(json.dumps(board, indent=2, ensure_ascii=False))
    else:
        show_class(result_console(), board)


@click.command(epilog="""\b
Examples:
  ./slipway class page math
  ./slipway class page math --no-browser --port 8010""")  # fmt: skip
@click.argument("name")
@lab_options
@page_options
def page(choice: LabChoice, name: str, **given: Any) -> None:
    """Serve the board of the class NAME on loopback until Ctrl-C; it shows changes as students work."""
    from slipway.classroom.board import read_class
    from slipway.classroom.page import read_state, write_page

    choice = existing_lab(choice, quiet=True)
    project = choice.project()
    read_class(project, name)  # refuses an unknown class
    with tempfile.TemporaryDirectory(prefix="slipway-board-") as folder:
        write_page(Path(folder), name, choice.lines.of(f"class show {name}"))
        serve_pages(Path(folder), lambda: read_state(project, name), **given)


@click.command(epilog="\b\nExample:\n  ./slipway class verify ./results --signed-by teacher.pub")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--signed-by", required=True, metavar="KEY",
              help="The public SSH key of the teacher, or a file with it.")  # fmt: skip
@json_option
def verify(directory: Path, signed_by: str, as_json: bool) -> None:
    """Verify that the results in DIRECTORY are the teacher's, and were not changed."""
    from slipway.classroom.results import verify_results

    found = verify_results(directory, signed_by)
    text = f"{directory}: results of the class {found['class']} of {found['time']}, unchanged"
    print(json.dumps({"ok": True, **found}, indent=2) if as_json else text)
