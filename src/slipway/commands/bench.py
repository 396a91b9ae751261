"""Set up and start the benchmarks in ``benchmarks/``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from slipway.commands.existing import existing_lab
from slipway.commands.options import lab_options, quiet_option
from slipway.commands.pass_through import PassThroughCommand
from slipway.commands.playbook_options import ansible_arguments
from slipway.lab.choice import LabChoice
from slipway.lab.project import Project

SIMULATED = "simulated"


@click.group()
def bench() -> None:
    """Compare Slipway with its peers on the running lab."""


@bench.command(epilog="""\b
Examples:
  ./slipway bench workloads --quick
  ./slipway bench workloads --lab physics --record""")  # fmt: skip
@click.option("--quick", is_flag=True, help="Fewer objects, nodes and rounds.")
@click.option("--only", type=click.Choice(["apply", "scale", "failure", "simulated"]),
              multiple=True, help="Measure only this part.")  # fmt: skip
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH",
              help="Write the plot to this file instead of the lab's state directory.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a goal is missed.")
@click.option("--record", is_flag=True,
              help="Also write benchmarks/results/workloads.json, the figures of the documentation.")  # fmt: skip
@lab_options
@quiet_option
def workloads(choice: LabChoice, quiet: bool, **given: Any) -> None:
    """Compare the workload modules with kubernetes.core and kubectl.

    All of them work on the same cluster and the same objects, in the same run. The result is saved
    in the lab's state directory, as JSON and as a plot. The table marks each missed goal; with
    --strict, a missed goal is a failure.
    """
    choice = existing_lab(choice, quiet)
    project = choice.project()
    if not project.kubectl.exists() or not project.kubeconfig.exists():
        raise choice.no_lab()
    sys.exit(compare_workloads(choice, **given))


@bench.command(cls=PassThroughCommand, epilog="""\b
Examples:
  ./slipway bench lab
  ./slipway bench lab --lab physics --skip-rebuild --record""")  # fmt: skip
@lab_options
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="FLAGS...")
def lab(choice: LabChoice, arguments: tuple[str, ...]) -> None:
    """Measure how long the operations of a lab take. Recreates the lab, except with --skip-rebuild."""
    project = choice.project()
    os.environ["ANSIBLE_INVENTORY"] = ",".join(project.inventories)
    if choice.lab:
        os.environ["SLIPWAY_LAB"] = choice.lab
    start(project, "lab", *arguments)


def start(project: Project, name: str, *arguments: str) -> None:
    """Replace this process with the benchmark of that name."""
    script = str(project.root / "benchmarks" / f"{name}.py")
    os.environ["PYTHONPATH"] = str(project.root / "collections")
    os.execv(sys.executable, [sys.executable, script, *arguments])


def compare_workloads(
    choice: LabChoice,
    quick: bool,
    only: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
    strict: bool,
    record: bool,
) -> int:
    """Replace this process with the benchmark of the workload modules; return an exit code on failure.

    Args:
        choice: The lab.
        quick: Use fewer objects, nodes and rounds.
        only: Parts of the benchmark; all parts when empty.
        plot: Path of the plot; in the lab's state by default.
        as_json: Print the result as JSON, and the table on standard error.
        strict: Treat a missed goal as a failure.
        record: Also write the figures for the documentation.
    """
    if (not only or SIMULATED in only) and (code := _make_kwok(choice, as_json)):
        return code
    project = choice.project()
    results = project.state / "bench"
    results.mkdir(mode=0o700, exist_ok=True)
    arguments = ["--kubeconfig", str(project.kubeconfig), "--kubectl", str(project.kubectl)]
    arguments += ["--kwok", str(project.kubectl.with_name("kwok"))]
    arguments += ["--result", str(results / "workloads.json")]
    arguments += ["--plot", str(plot or results / "workloads.png")]
    arguments += ["--quick"] if quick else []
    arguments += ["--json"] if as_json else []
    arguments += ["--strict"] if strict else []
    arguments += ["--record"] if record else []
    start(project, "workloads", *arguments, *(("--only", *only) if only else ()))
    return 0


def _make_kwok(choice: LabChoice, as_json: bool) -> int:
    """Build the simulator of nodes when it is missing; return the exit code of that."""
    from slipway.run.outcome import Options
    from slipway.run.playbooks import prepare

    arguments = ansible_arguments(choice.resolved().extra_vars, {})
    options = Options(arguments=arguments, as_json=as_json, lines=choice.lines)
    return prepare(choice.project(), "bench", "kwok", options)
