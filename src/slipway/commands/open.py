"""List the pages of the lab, or open one in a browser."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from slipway.commands.existing import existing_lab
from slipway.commands.names import complete_pages
from slipway.commands.options import json_option, lab_options, quiet_option
from slipway.errors import UsageError
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice


@click.command("open", epilog="""\b
Examples:
  ./slipway open
  ./slipway open app""")  # fmt: skip
@lab_options
@quiet_option
@json_option
@click.argument("page", required=False, shell_complete=complete_pages)
def open_page(choice: LabChoice, quiet: bool, as_json: bool, page: str | None) -> None:
    """List the pages of the lab. With a name, open that page in a browser."""
    from slipway.run.lab_status import read_report

    pages = read_report(existing_lab(choice, quiet).project()).get("pages", [])
    if page is not None:
        pages = [_chosen(pages, page)]
    if as_json:
        print(json.dumps({"pages": pages}, indent=2))
    elif not pages:
        click.echo("slipway: the lab has no pages", err=True)
    elif page is not None:
        click.echo(pages[0]["url"])
    else:
        width = max(len(one["name"]) for one in pages)
        for one in pages:
            click.echo(f"{one['name']:{width}}   {one['url']}")
    if page is not None:
        click.launch(pages[0]["url"])
    sys.exit(ExitCode.OK if pages else ExitCode.FAILED)


def _chosen(pages: list[dict[str, Any]], page: str) -> dict[str, Any]:
    """Return the page whose name begins with a word.

    Raises:
        UsageError: The word fits no page, or several.
    """
    chosen = [one for one in pages if one["name"].lower().startswith(page.lower())]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(one["name"] for one in chosen or pages)
    raise UsageError(f"{page!r} names {'several pages' if chosen else 'no page'}: {names}")
