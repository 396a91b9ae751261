"""List, show, delete, export and import snapshots, which needs no lab and no engine."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ansible_collections.slipway.lab.plugins.module_utils.snapshots.transfer import (
    export_snapshot,
    import_snapshot,
)
from slipway.commands.options import json_option
from slipway.lab.snapshots import own_snapshots, snapshot_errors


def complete_snapshots(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the snapshots of this user."""
    return [name for name in own_snapshots().names() if name.startswith(incomplete)]


@click.command("list", epilog="""\b
Examples:
  ./slipway snapshot list
  ./slipway snapshot list --json""")  # fmt: skip
@json_option
def list_snapshots(as_json: bool) -> None:
    """List your snapshots."""
    from slipway.output.snapshots import show_snapshots

    store = own_snapshots()
    found = [store.describe(name) for name in store.names()]
    if as_json:
        print(json.dumps({"snapshots": found}, indent=2))
    else:
        show_snapshots(found)


@click.command(epilog="""\b
Examples:
  ./slipway snapshot show before-upgrade --verify""")  # fmt: skip
@click.argument("name", shell_complete=complete_snapshots)
@click.option("--verify", is_flag=True, help="Read all files, and compare their checksums.")
@json_option
def show(name: str, verify: bool, as_json: bool) -> None:
    """Show what the snapshot NAME contains. The exit code is 1 if it cannot be used."""
    from slipway.output.snapshots import show_snapshot

    with snapshot_errors():
        found = own_snapshots().describe(name, verify)
    if as_json:
        print(json.dumps(found, indent=2))
    else:
        show_snapshot(found)
    raise SystemExit(1 if found["problem"] else 0)


@click.command("export", epilog="""\b
Examples:
  ./slipway snapshot export before-upgrade /mnt/usb/lab.snapshot""")  # fmt: skip
@click.argument("name", shell_complete=complete_snapshots)
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def export_file(name: str, file: Path, as_json: bool) -> None:
    """Write the snapshot NAME into FILE, which must not exist. FILE contains private keys."""
    with snapshot_errors():
        export_snapshot(own_snapshots(), name, file.absolute(), _report)
    _done(as_json, {"name": name, "file": str(file)}, f"wrote the snapshot {name} to {file}")


@click.command("import", epilog="""\b
Examples:
  ./slipway snapshot import /mnt/usb/lab.snapshot
  ./slipway snapshot import lab.snapshot --name other""")  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", metavar="NAME", help="Another name of the snapshot.")
@json_option
def import_file(file: Path, name: str, as_json: bool) -> None:
    """Read a snapshot from FILE. Its lab runs what it contains as root, so trust who wrote it."""
    with snapshot_errors():
        name = import_snapshot(own_snapshots(), file.absolute(), name, _report)
    _done(as_json, {"name": name, "file": str(file)}, f"read the snapshot {name} from {file}")


def _report(line: str, done: int, total: int) -> None:
    click.echo(f"slipway: {line} ({done + 1} of {total})", err=True)


def _done(as_json: bool, result: dict[str, str], text: str) -> None:
    click.echo(json.dumps({"ok": True, **result}) if as_json else text)


@click.command(epilog="""\b
Examples:
  ./slipway snapshot delete before-upgrade""")  # fmt: skip
@click.argument("name", shell_complete=complete_snapshots)
@json_option
def delete(name: str, as_json: bool) -> None:
    """Delete the snapshot NAME. No lab changes."""
    with snapshot_errors():
        own_snapshots().delete(name)
    _done(as_json, {"deleted": name}, f"deleted the snapshot {name}")
