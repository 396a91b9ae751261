"""Compare the workload modules with kubernetes.core and kubectl: same cluster, same objects, same run.

Usage: ``./slipway bench workloads``, or in Slipway's environment ``python benchmarks/workloads.py --help``.
Every figure is wall time of a whole process (``ansible-playbook`` or ``kubectl``), start included, as
users wait for it. Deployments have no pods where only the apply is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import record
from comparison.apply import compare_apply
from comparison.declarations import NAMESPACE
from comparison.failure import compare_failure
from comparison.scale import compare_scale
from comparison.simulated import compare_simulated
from measure import Bench
from rows import cells, plot, show

SIMULATED = "simulated"
PARTS = ("apply", "scale", "failure", SIMULATED)
TERMINATED = 128 + signal.SIGTERM
COLUMNS = ["work", "compared with", "it", "Slipway", "ratio", "goal"]


def main() -> int:
    """Run the parts; return 1 when a goal is missed and the run is strict."""
    options = parse_options()
    # a terminated run cleans up too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(options.kubeconfig, options.kubectl, Path(work))
        try:
            run_parts(bench, options)
        finally:
            bench.kube(
                "delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false", check=False
            )
    bench.notes.append(
        f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} over the last five minutes"
    )
    met = publish(bench, options)
    return int(options.strict and not met)


def parse_options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--kubectl", default=shutil.which("kubectl") or "kubectl")
    parser.add_argument("--kwok", help="the program that plays nodes, for the part simulated")
    parser.add_argument("--result", type=Path, metavar="PATH", help="write the result here as JSON")
    parser.add_argument("--plot", type=Path, metavar="PATH", help="draw the plot here")
    parser.add_argument(
        "--json", action="store_true", help="print JSON, the table on standard error"
    )
    parser.add_argument("--quick", action="store_true", help="fewer objects, nodes and rounds")
    parser.add_argument(
        "--record", action="store_true", help="write benchmarks/results/workloads.json"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    options = parser.parse_args()
    if SIMULATED in options.only and not options.kwok:
        parser.error("the part simulated needs --kwok")
    return options


def run_parts(bench: Bench, options: argparse.Namespace) -> None:
    """Run the chosen parts; print the rows so far when one fails, because they took long."""
    parts: dict[str, Callable[[], None]] = {
        "apply": lambda: compare_apply(bench, options.quick),
        "scale": lambda: compare_scale(bench, options.quick),
        "failure": lambda: compare_failure(bench, options.quick),
        SIMULATED: lambda: compare_simulated(bench, options.quick, options.kwok),
    }
    try:
        for name in options.only:
            bench.say(f"-- {name}")
            parts[name]()
    except BaseException:
        print(show(bench.rows, bench.notes), file=sys.stderr)
        raise


def publish(bench: Bench, options: argparse.Namespace) -> bool:
    """Print and write the results; return whether all goals are met."""
    met = all(row.met for row in bench.rows)
    result = {"met": met, "rows": [row.as_dict() for row in bench.rows], "notes": bench.notes}
    text = json.dumps(result, indent=1)
    print(show(bench.rows, bench.notes), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(text)
    if options.result:
        options.result.write_text(text)
    if options.record:
        record.write("workloads", COLUMNS, [cells(row) for row in bench.rows])
    if options.plot:
        plot(bench.rows, options.plot)
    for path in filter(None, (options.result, options.plot)):
        bench.say(f"wrote {path}")
    return met


if __name__ == "__main__":
    sys.exit(main())
