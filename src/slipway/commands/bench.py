"""The bench command: set-up for what lies in benchmarks/, which does the work."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from slipway.lab.lock import LabBusyError
from slipway.lab.project import Project

GOOD, BAD, UNFIT = 0, 1, 3
SIMULATED = "simulated"


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
    launcher: str,
) -> int:
    """Become the benchmark of the workload modules; return an exit code when that is not possible.

    :param quick: fewer objects, nodes and rounds.
    :param only: parts of it; all without any.
    :param plot: where to draw; the lab's state without it.
    :param as_json: print the result as JSON, the table on standard error.
    :param strict: a missed goal is a failure.
    :param launcher: how the user calls slipway.
    """
    if not project.kubectl.exists() or not project.kubeconfig.exists():
        print(f"slipway: no lab is up; run: {launcher} up", file=sys.stderr)
        return BAD
    if (not only or SIMULATED in only) and (code := _make_kwok(project, launcher)):
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
    return GOOD


def _make_kwok(project: Project, launcher: str) -> int:
    """Build the simulator of nodes when it is missing; return the exit code of that."""
    from slipway.run.session import Options, Session

    session = Session(project, "bench", Options(launcher=launcher))
    try:
        result = session.run(("kwok",), preflight=False)
    except LabBusyError as busy:
        print(f"slipway: {busy}", file=sys.stderr)
        return UNFIT
    return GOOD if result.code == GOOD else session.conclude()
