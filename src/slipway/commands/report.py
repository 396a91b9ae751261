"""Write the report of the lessons."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from slipway.commands.options import LabChoice, lab_options
from slipway.exit_codes import ExitCode
from slipway.launcher import launcher


@click.command()
@lab_options
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              default="slipway-report.html", show_default=True,
              help="The page; .json and .xml (JUnit) are written beside it.")  # fmt: skip
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en",
              help="Language that the page shows at first.")  # fmt: skip
def report(choice: LabChoice, output: Path, lang: str) -> None:
    """Write one page of what the lessons proved on this lab. Exit code 1 when a claim does not hold."""
    from slipway.lessons.report import write_report

    results = write_report(choice.project(), output, lang)
    if not results:
        click.echo(f"slipway: no lesson was run yet; run: {launcher()} lesson all", err=True)
        sys.exit(ExitCode.FAILED)
    held = sum(bool(claim["passed"]) for one in results for claim in one["claims"])
    print(f"{output}: {held} of {sum(len(one['claims']) for one in results)} claims hold")
    sys.exit(ExitCode.OK if all(one["passed"] for one in results) else ExitCode.FAILED)
