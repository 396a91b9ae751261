"""Write the report of the lessons."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from slipway.commands.existing import existing_lab_or_own
from slipway.commands.options import json_option, lab_options, language_option, quiet_option
from slipway.errors import SlipwayError
from slipway.exit_codes import ExitCode
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway report
  ./slipway report --lang ko -o report.html""")  # fmt: skip
@lab_options
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              default="slipway-report.html", show_default=True,
              help="The HTML page. The .json and .xml (JUnit) files are written next to it.")  # fmt: skip
@language_option("Language in which the page opens.")
@quiet_option
@json_option
def report(choice: LabChoice, output: Path, lang: str, quiet: bool, as_json: bool) -> None:
    """Write one page with the results of the lessons. The exit code is 1 when a claim does not hold."""
    from slipway.lessons.report import write_report

    choice = existing_lab_or_own(choice, quiet)  # results of lessons outlive the lab
    results = write_report(choice.project(), output, lang)
    if not results:
        if not choice.project().is_up:
            raise choice.no_lab()
        raise SlipwayError("no lesson was run yet", f"run: {choice.lines.of('lesson all')}")
    ok = all(one["passed"] for one in results)
    claims = [claim for one in results for claim in one["claims"]]
    held = sum(claim["passed"] is True for claim in claims)
    skipped = sum(claim["passed"] is None for claim in claims)
    if as_json:
        document = {
            "ok": ok,
            "page": str(output),
            "claims": len(claims),
            "held": held,
            "skipped": skipped,
        }
        print(json.dumps({**document, "lessons": results}, indent=2, ensure_ascii=False))
    else:
        rest = f"; {skipped} more skipped" if skipped else ""
        print(f"{output}: {held} of {len(claims) - skipped} claims hold{rest}")
    sys.exit(ExitCode.OK if ok else ExitCode.FAILED)
