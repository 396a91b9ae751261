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
@click.option(
    "--fast",
    "level",
    flag_value="fast",
    help="Run the style, unit and contract tests.",
)
@click.option("--full", "level", flag_value="full",
              help="Also run the long tests, such as cold builds and faults.")  # fmt: skip
@click.option("--fresh", "level", flag_value="fresh",
              help="Run the README's commands with an empty cache, in about an hour.")  # fmt: skip
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_layers,
    help="Run only this layer.",
)
@click.option("--junit", type=click.Path(file_okay=False), default="test-results",
              show_default=True, help="Directory for the JUnit XML files.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show all output of the tests.")
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
