"""List the pages of the lab, or open one in a browser."""

from __future__ import annotations

import json
import sys

import click

from slipway.commands.options import LabChoice, json_option, lab_options
from slipway.exit_codes import ExitCode
from slipway.launcher import launcher


@click.command("open")
@lab_options
@json_option
@click.argument("page", required=False)
def open_page(choice: LabChoice, as_json: bool, page: str | None) -> None:
    """List the pages of the lab. With a name, open that page in a browser."""
    from slipway.output.status import read_status

    pages = read_status(choice.project())["pages"]
    if as_json:
        print(json.dumps({"pages": pages}, indent=2))
    elif not pages:
        click.echo(f"slipway: no lab is up; run: {launcher()} up", err=True)
    elif page is None:
        width = max(len(one["name"]) for one in pages)
        for one in pages:
            click.echo(f"{one['name']:{width}}   {one['url']}")
    else:
        chosen = [one for one in pages if one["name"].lower().startswith(page.lower())]
        if len(chosen) != 1:
            names = ", ".join(one["name"] for one in chosen or pages)
            raise click.UsageError(
                f"{page!r} names {'several pages' if chosen else 'no page'}: {names}"
            )
        click.echo(chosen[0]["url"])
        click.launch(chosen[0]["url"])
    sys.exit(ExitCode.OK if pages else ExitCode.FAILED)
