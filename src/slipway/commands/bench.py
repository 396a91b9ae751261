"""Set up and start the benchmarks in ``benchmarks/``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from slipway.commands.options import LabChoice
from slipway.exit_codes import ExitCode
from slipway.lab.lock import LabBusyError
from slipway.lab.project import Project
from slipway.launcher import launcher

SIMULATED = "simulated"


@click.group()
def bench() -> None:
    """Compare Slipway with its peers on the lab that is up."""


@bench.command()
@click.option("--quick", is_flag=True, help="Fewer objects, nodes and rounds.")
@click.option("--only", type=click.Choice(["apply", "scale", "failure", "simulated"]),
              multiple=True, help="Only this part.")  # fmt: skip
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="PATH",
              help="Draw the plot here instead of in the lab's state.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a goal is missed.")
def workloads(
    quick: bool, only: tuple[str, ...], plot: Path | None, as_json: bool, strict: bool
) -> None:
    """Compare the workload modules with kubernetes.core and kubectl.

    Same cluster, same objects, same run. The result is kept in the lab's state, as JSON and as a
    plot. A goal that is missed is marked in the table; with --strict it is a failure.
    """
    sys.exit(compare_workloads(LabChoice().project(), quick, only, plot, as_json, strict))


@bench.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(arguments: tuple[str, ...]) -> None:
    """Measure how long a lab takes. Recreates the lab unless --skip-rebuild is given."""
    start(LabChoice().project(), "lab", *arguments)


def start(project: Project, name: str, *arguments: str) -> None:
    """Become the benchmark of that name."""
    script = str(project.root / "benchmarks" / f"{name}.py")
    os.execv(sys.executable, [sys.executable, script, *arguments])


def compare_workloads(
    project: Project,
    quick: bool,
    only: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
    strict: bool,
) -> int:
    """Become the benchmark of the workload modules; return an exit code when that is not possible.

    :param quick: fewer objects, nodes and rounds.
    :param only: parts of it; all without any.
    :param plot: where to draw; the lab's state without it.
    :param as_json: print the result as JSON, the table on standard error.
    :param strict: a missed goal is a failure.
    """
    if not project.kubectl.exists() or not project.kubeconfig.exists():
        print(f"slipway: no lab is up; run: {launcher()} up", file=sys.stderr)
        return ExitCode.FAILED
    if (not only or SIMULATED in only) and (code := _make_kwok(project)):
        return code
    results = project.state / "bench"
    results.mkdir(mode=0o700, exist_ok=True)
    arguments = ["--kubeconfig", str(project.kubeconfig), "--kubectl", str(project.kubectl)]
    arguments += ["--kwok", str(project.kubectl.with_name("kwok"))]
    arguments += ["--result", str(results / "workloads.json")]
    arguments += ["--plot", str(plot or results / "workloads.png")]
    arguments += ["--quick"] if quick else []
    arguments += ["--json"] if as_json else []
    arguments += ["--strict"] if strict else []
    start(project, "workloads", *arguments, *(("--only", *only) if only else ()))
    return ExitCode.OK


def _make_kwok(project: Project) -> int:
    """Build the simulator of nodes when it is missing; return the exit code of that."""
    from slipway.run.session import Options, Session

    session = Session(project, "bench", Options(launcher=launcher()))
    try:
        result = session.run(("kwok",), preflight=False)
    except LabBusyError as busy:
        print(f"slipway: {busy}", file=sys.stderr)
        return ExitCode.UNFIT
    return ExitCode.OK if result.code == ExitCode.OK else session.conclude()
