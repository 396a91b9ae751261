"""Run Slipway's own tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from slipway.commands.names import complete_layers
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway test --fast
  ./slipway test --layer unit -- -k doctor""")  # fmt: skip
@click.option("--fast", "level", flag_value="fast", help="Unit and contract tests, under a minute.")
@click.option("--full", "level", flag_value="full",
              help="Also the long tests: cold builds, faults.")  # fmt: skip
@click.option("--fresh", "level", flag_value="fresh",
              help="The README's commands with an empty cache, about an hour.")  # fmt: skip
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_layers,
    help="Only this layer.",
)
@click.option("--junit", type=click.Path(file_okay=False), default="test-results",
              show_default=True, help="Directory for JUnit XML.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show all that the tests print.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS]")
def test(
    level: str | None,
    layers: tuple[str, ...],
    junit: str,
    verbose: bool,
    pytest_arguments: tuple[str, ...],
) -> None:
    """Run the tests. Flags of pytest go after --."""
    from slipway.testing.runner import run_layers

    project = LabChoice(os.environ).project()
    code = run_layers(
        project.root, project.cache, level or "default", layers, Path(junit), verbose,
        pytest_arguments,
    )  # fmt: skip
    sys.exit(code)
