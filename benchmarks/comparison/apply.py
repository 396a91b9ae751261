"""Apply 100 Deployments and 100 Services: first, and again without a change."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml
from measure import Bench
from rows import Row

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of

from .declarations import NAMESPACE, apps, manifests_of

APPS = 100
RUNS = ("first", "unchanged")
LOOP = "kubernetes.core.k8s, loop"
GOALS = {
    "first": {LOOP: 30, "kubernetes.core.k8s, one list": 3, "kubectl apply --server-side": 1.25},
    "unchanged": {LOOP: 30, "kubectl apply --server-side": 1.25},
}
# The loop takes minutes, so it applies a tenth of the objects, once.
LOOP_FACTOR = 10
ROUNDS = 5


@dataclass
class Competitor:
    """A tool that applies the objects.

    Args:
        name: The name in the table.
        work: Applies the objects, and returns the seconds.
        factor: The number of objects divided by the number that the tool applies.
        taken: The seconds of each round.
        writes: The most writes of an unchanged apply.
    """

    name: str
    work: Callable[[], float]
    factor: int = 1
    taken: dict[str, list[float]] = field(default_factory=lambda: {run: [] for run in RUNS})
    writes: int = 0

    def seconds(self, run: str) -> float:
        """Return the median of the rounds."""
        return statistics.median(self.taken[run])


def compare_apply(bench: Bench, quick: bool) -> None:
    """Compare the duration of an apply and the writes of an unchanged one.

    Each round has another order of the tools than the one before.

    Args:
        bench: Runs the tools, and receives the rows.
        quick: Whether each tool runs once.
    """
    objects = [obj for one in apps(APPS) for obj in manifests_of(one)]
    empty = bench.empty_play()
    rounds = 1 if quick else ROUNDS
    loop, *tools = _competitors(bench, objects)
    _measure(bench, loop, empty)
    alone = []
    for number in range(rounds):
        for tool in tools if number % 2 else tools[::-1]:
            _measure(bench, tool, empty)
        bench.fresh(NAMESPACE)
        bench.settled(NAMESPACE)
        alone.append(requests_alone(bench, objects))
    _report(bench, [loop, *tools], statistics.median(alone), empty)
    bench.notes.append(
        f"apply: medians of {rounds}, in both orders; the loop ran once, over "
        f"{len(objects) // LOOP_FACTOR} objects, and the time beyond an empty play is multiplied by {LOOP_FACTOR}"
    )


def requests_alone(bench: Bench, objects: list[dict]) -> float:
    """Return the seconds of the concurrent server-side applies in a process that is connected."""
    client = KubeClient({"kubeconfig": bench.kubeconfig})
    discovery = Discovery(client)
    applier = Applier(client, discovery, Deadline(300))
    # connects, and discovers the kinds
    read_live(client, discovery, [ref_of(obj) for obj in objects])
    started = time.monotonic()
    applier.apply(objects, {})
    seconds = time.monotonic() - started
    client.close()
    return seconds


def _competitors(bench: Bench, objects: list[dict]) -> list[Competitor]:
    path = bench.work / "objects.yml"
    path.write_text(yaml.safe_dump_all(objects))
    one = {"namespace": NAMESPACE, "definition": "{{ item }}", "apply": True}
    whole = {"namespace": NAMESPACE, "src": str(path), "apply": True}
    loop = objects[: len(objects) // LOOP_FACTOR]
    plays = {
        LOOP: {"kubernetes.core.k8s": one, "loop": loop, "no_log": True},
        "kubernetes.core.k8s, one list": {"kubernetes.core.k8s": whole, "no_log": True},
        "Slipway": {"workload": {"apps": apps(APPS), "namespace": NAMESPACE, "wait": "applied"}},
    }
    tools = [
        Competitor(name, lambda task=task: bench.play(task)[0], LOOP_FACTOR if name == LOOP else 1)
        for name, task in plays.items()
    ]
    for name, option in (("kubectl apply", []), ("kubectl apply --server-side", ["--server-side"])):
        command = ("apply", *option, "-n", NAMESPACE, "-f", str(path))
        tools.append(Competitor(name, lambda command=command: bench.timed(*command)))
    return tools


def _measure(bench: Bench, tool: Competitor, empty: float) -> None:
    """Measure both runs of a tool once, and count the writes of the unchanged one."""
    bench.fresh(NAMESPACE)
    for run in RUNS:
        before = bench.settled(NAMESPACE)
        seconds = tool.work()
        if tool.factor > 1:
            # the fixed duration of a play is not multiplied
            seconds = (seconds - empty) * tool.factor + empty
        tool.taken[run].append(seconds)
        bench.say(f"{run}: {tool.name} {seconds:.2f} s")
        after = bench.settled(NAMESPACE)
    changed = sum(after[1].get(key) != version for key, version in before[1].items())
    tool.writes = max(tool.writes, after[0] - before[0], changed)


def _report(bench: Bench, tools: list[Competitor], requests: float, empty: float) -> None:
    slipway = next(tool for tool in tools if tool.name == "Slipway")
    others = [tool for tool in tools if tool is not slipway]
    for run in RUNS:
        work = f"{APPS} Deployments + {APPS} Services, {run}"
        bench.rows += [
            Row(
                work,
                tool.name,
                tool.seconds(run),
                slipway.seconds(run),
                at_least=GOALS[run].get(tool.name),
            )
            for tool in others
        ]
    # Ansible itself and the API server take this long, so no play can be faster.
    for run, name, floor in (
        ("first", "an empty play + the requests", empty + requests),
        ("unchanged", "an empty play", empty),
    ):
        work = f"{2 * APPS} objects, {run}: no play can be faster"
        bench.rows.append(Row(work, name, floor, slipway.seconds(run)))
    counted = "the API server's count, resourceVersions"
    bench.rows.append(
        Row("writes of an unchanged apply", counted, None, slipway.writes, "writes", at_most=0)
    )
    bench.notes.append(
        "writes of an unchanged apply by others: "
        + ", ".join(f"{tool.name} {tool.writes}" for tool in others)
    )
