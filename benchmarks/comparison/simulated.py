"""Apply ten times as many workloads on simulated nodes."""

from __future__ import annotations

from measure import Bench
from rows import Row
from simulation import SimulatedNodes, simulated_app

from .declarations import NAMESPACE

# controllers send 20 requests a second by default, so simulated pods take a while
WAIT_TIMEOUT = 600


def compare_simulated(bench: Bench, quick: bool, kwok: str) -> None:
    """Compare an apply of many workloads with an apply of a tenth of them.

    Args:
        bench: Runs the plays, and receives the rows.
        quick: Whether to use a tenth of the workloads and nodes.
        kwok: The path of the program that simulates nodes.
    """
    few, many = (10, 100) if quick else (100, 1000)
    empty = bench.empty_play()
    seconds: dict[int, float] = {}
    with SimulatedNodes(bench, kwok, few):
        for count in (few, many):
            seconds[count], waited, ready = _measure(bench, count)
        bench.kube("delete", "namespace", NAMESPACE, "--wait")
    work = f"{many} workloads, {few} simulated nodes"
    linear = (seconds[few] - empty) * many / few
    bench.rows += [
        Row(
            f"{work}: apply",
            f"{many // few}x that of {few}",
            linear,
            seconds[many] - empty,
            at_most=1.3,
        ),
        Row(
            f"{work}: memory",
            "the module's process, at most",
            None,
            max(bench.memory),
            "MiB",
            at_most=200,
        ),
        Row(
            f"{work}: {ready} of {many} pods ready",
            "",
            None,
            seconds[many] + waited,
        ),
    ]
    bench.notes.append(
        "simulated: kwok plays the nodes and their pods on the lab's own control plane; "
        f"an empty play ({empty:.2f} s) is subtracted before the linear comparison"
    )


def ready_pods(bench: Bench) -> int:
    """Return the number of ready pods in the status of the Deployments."""
    path = "-o=jsonpath={.items[*].status.readyReplicas}"
    return sum(map(int, bench.kube("get", "deployments", "-n", NAMESPACE, path).split()))


def _measure(bench: Bench, count: int) -> tuple[float, float, int]:
    """Return the seconds of the apply and of the wait, and the number of ready pods."""
    bench.fresh(NAMESPACE)
    task = {
        "namespace": NAMESPACE,
        "apps": [simulated_app(f"app{n}") for n in range(count)],
    }
    seconds, _ = bench.play({"workload": {**task, "wait": "applied"}}, measure_memory=True)
    bench.say(f"{count} workloads applied: {seconds:.2f} s")
    waiting = {**task, "wait": "rolled_out", "wait_timeout": WAIT_TIMEOUT}
    waited, _ = bench.play({"workload": waiting}, fails=None, measure_memory=True)
    ready = ready_pods(bench)
    bench.say(f"{ready} of {count} pods ready: {waited:.2f} s more")
    return seconds, waited, ready
