"""Run Slipway's own tests, or Kubernetes' conformance tests on the lab."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from slipway.commands.converge import converge
from slipway.commands.existing import existing_lab
from slipway.commands.names import complete_layers
from slipway.commands.options import lab_options
from slipway.lab.choice import LabChoice


@click.command(epilog="""\b
Examples:
  ./slipway test --fast
  ./slipway test --layer unit -- -k doctor
  ./slipway test --conformance --focus 'sig-node.*Pods.*Conformance'""")  # fmt: skip
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
@click.option("--conformance", "level", flag_value="conformance",
              help="Run Kubernetes' own conformance tests on the lab, without the serial ones.")  # fmt: skip
@click.option("--focus", metavar="REGEX",
              help="With --conformance: run the tests whose name matches.")  # fmt: skip
@click.option("--junit", type=click.Path(file_okay=False), default="test-results",
              show_default=True, help="Directory for the JUnit XML files.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show all output of the tests.")
@lab_options
@click.argument("flags", nargs=-1, type=click.UNPROCESSED, metavar="[-- FLAGS]")
def test(
    choice: LabChoice,
    level: str | None,
    layers: tuple[str, ...],
    focus: str | None,
    junit: str,
    verbose: bool,
    flags: tuple[str, ...],
) -> None:
    """Run the tests. Flags of pytest go after --, and with --conformance those of ansible-playbook.

    The options that choose a lab belong to --conformance. The other tests create labs of their own.
    """
    if level == "conformance":
        if layers:
            raise click.UsageError("--layer and --conformance exclude each other.")
        sys.exit(_conformance(choice, focus, Path(junit), verbose, flags))
    if focus is not None:
        raise click.UsageError("--focus needs --conformance. Select other tests with -- -k NAME.")
    from slipway.testing.runner import run_layers

    project = LabChoice(os.environ).project()
    code = run_layers(
        project.root, project.cache, level or "default", layers, Path(junit), verbose, flags
    )
    sys.exit(code)


def _conformance(
    choice: LabChoice, focus: str | None, junit: Path, verbose: bool, flags: tuple[str, ...]
) -> int:
    """Run the playbook of the conformance tests; return the exit code."""
    variables = {"conformance_junit": str(junit.absolute() / "conformance.xml")}
    if focus is not None:
        variables["conformance_focus"] = focus
    choice = existing_lab(choice)
    choice = replace(choice, extra_vars=(json.dumps(variables), *choice.extra_vars))
    given = {"ansible_args": flags, "verbose": int(verbose)}
    unused = dict.fromkeys(("check", "diff", "as_json", "quiet"), False)
    return converge("conformance", ("conformance",), False, choice, {**unused, **given},
                    "conformance/result.json")  # fmt: skip
