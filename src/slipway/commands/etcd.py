"""Save etcd of a cluster over several hosts, and restore it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from slipway.commands.converge import converge, with_variables
from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options
from slipway.commands.playbook_options import run_options
from slipway.lab.choice import LabChoice

RESULT = "etcd.json"


@click.group()
def etcd() -> None:
    """Save etcd of a cluster over several hosts, and restore it."""


@etcd.command(epilog="""\b
Examples:
  ./slipway etcd save -i ~/my-cluster""")  # fmt: skip
@lab_options
@run_options
def save(choice: LabChoice, given: dict[str, Any]) -> None:
    """Save etcd as a file on this machine. Nothing stops.

    The file is restored into a scratch member first, which must have all objects. It contains the
    Secrets and the keys of the cluster.
    """
    choice = existing_lab(choice, given["quiet"])
    sys.exit(converge("etcd", ("etcd_snapshot",), False, choice, given, RESULT))


@etcd.command(epilog="""\b
Examples:
  ./slipway etcd restore ~/.local/share/slipway/etcd/default/etcd-20260101T000000Z.tar""")  # fmt: skip
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--working",
    is_flag=True,
    help="Also replace the data of an etcd that works: what was written after the snapshot is lost.",
)
@lab_options
@run_options
def restore(choice: LabChoice, given: dict[str, Any], file: Path, working: bool) -> None:
    """Restore etcd from FILE on all control planes that answer.

    They are the only members of etcd then.
    """
    wanted = {"etcd_snapshot": str(file.resolve()), "etcd_restore_working": working}
    choice = with_variables(existing_lab(choice, given["quiet"]), wanted)
    sys.exit(converge("etcd", ("etcd_restore",), False, choice, given, RESULT))
