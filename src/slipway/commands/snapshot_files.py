"""List, show and delete snapshots, which needs no lab and no engine."""

from __future__ import annotations

import json

import click

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


@click.command(epilog="""\b
Examples:
  ./slipway snapshot delete before-upgrade""")  # fmt: skip
@click.argument("name", shell_complete=complete_snapshots)
@json_option
def delete(name: str, as_json: bool) -> None:
    """Delete the snapshot NAME. No lab changes."""
    with snapshot_errors():
        own_snapshots().delete(name)
    if as_json:
        print(json.dumps({"ok": True, "deleted": name}))
    else:
        click.echo(f"deleted the snapshot {name}")
