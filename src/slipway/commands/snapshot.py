"""Save whole labs, and restore them."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.commands.converge import converge, run_with, with_variables
from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import run_options
from slipway.commands.snapshot_files import (
    complete_snapshots,
    delete,
    export_file,
    import_file,
    list_snapshots,
    show,
)
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice
from slipway.lab.snapshots import is_running, lab_of, own_snapshots, snapshot_errors


@click.group()
def snapshot() -> None:
    """Save the whole lab, and restore it."""


@snapshot.command(epilog="""\b
Examples:
  ./slipway snapshot save before-upgrade
  ./slipway snapshot save clean --lab physics --stopped""")  # fmt: skip
@click.argument("name")
@click.option("--stopped", is_flag=True, help="Leave the lab stopped.")
@lab_options
@run_options
def save(choice: LabChoice, given: dict[str, Any], name: str, stopped: bool) -> None:
    """Save the lab as the snapshot NAME: hosts, cluster, volumes, keys and settings.

    The lab stops, so that databases close their files, and starts again. Nothing is stopped if
    the name is in use or the disk is too full.
    """
    choice = existing_lab(choice, given["quiet"])
    with snapshot_errors():
        own_snapshots().check_new(name)
    ran = is_running(choice.project().lab)
    wanted = with_variables(choice, {"snapshot_name": name, "snapshot_stopped": stopped})
    code = converge("snapshot", ("snapshot_save",), False, wanted, given, "snapshot.json")
    if code == ExitCode.INTERRUPTED and ran and not stopped and not given["check"]:
        click.echo(
            "slipway: interrupted; starting the lab again (Ctrl-C leaves it stopped)", err=True
        )
        converge("start", ("start",), False, choice, {**given, "as_json": False, "quiet": True})
    sys.exit(code)


@snapshot.command(epilog="""\b
Examples:
  ./slipway snapshot restore before-upgrade
  ./slipway snapshot restore before-upgrade --force
  ./slipway snapshot restore before-upgrade --as copy""")  # fmt: skip
@click.argument("name", shell_complete=complete_snapshots)
@click.option(
    "--force",
    is_flag=True,
    help="Replace the lab if it exists. It is kept until the new one is complete.",
)
@click.option("--as", "other", metavar="LAB", default="",
              help="Another name of the lab. It keeps its network, which must be free.")  # fmt: skip
@lab_options
@run_options
def restore(
    choice: LabChoice, given: dict[str, Any], name: str, force: bool, other: str
) -> None:  # fmt: skip
    """Restore the lab of the snapshot NAME, and start it.

    A damaged snapshot changes nothing. After an interruption the lab is the old or the new one.
    """
    with snapshot_errors():
        choice = lab_of(own_snapshots().read(name), choice, other)
    wanted = {"snapshot_name": name, "snapshot_force": force}
    run_with("snapshot_restore", choice, given, "snapshot", **wanted)


for command in (list_snapshots, show, delete, export_file, import_file):
    snapshot.add_command(command)
