"""Scale a Deployment from 1 to 20 pods and back, and wait."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field

from measure import Bench
from rows import Row

from .declarations import NAMESPACE, app

DEPLOYMENTS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
COUNTS = (20, 1)
ROUNDS = 5
POLL_SECONDS = 0.5
WEB = {"name": "web", "namespace": NAMESPACE}


@dataclass
class Times:
    """Seconds of the runs of the module.

    Args:
        total: The whole play, by number of pods.
        started: From the start of a play until its module has refused its arguments.
        empty: A play whose one task does nothing.
        added: The time until the result is on the screen, without the time of the scaling itself.
    """

    total: dict[int, list[float]] = field(default_factory=lambda: {n: [] for n in COUNTS})
    started: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    added: list[float] = field(default_factory=list)


def compare_scale(bench: Bench, quick: bool) -> None:
    """Compare scaling and waiting with other tools, and with a bare watch of the same scaling.

    Args:
        bench: Runs the tools, and receives the rows.
        quick: Whether each scaling is measured only once.
    """
    bench.fresh(NAMESPACE)
    bench.play({"workload": {**app("web", 1), "namespace": NAMESPACE}})
    times = Times()
    others = {name: {count: [] for count in COUNTS} for name in OTHERS}
    for number in range(1 if quick else ROUNDS):
        for count in COUNTS:
            # in both orders: what comes first may find the machine in another state
            if number % 2:
                _measure(bench, count, times)
            for name, scale in OTHERS.items():
                _reset(bench, count)
                others[name][count].append(scale(bench, count))
                bench.say(f"to {count}: {name} {others[name][count][-1]:.2f} s")
                wait_for_pods(bench, count)
            if not number % 2:
                _measure(bench, count, times)
    for name, taken in others.items():
        _compare(bench, name, taken, times)
    _report(bench, times)


def scaled(obj: dict, count: int) -> bool:
    """Return whether a Deployment has exactly this many pods, all of them available, and none that is ending."""
    status = obj.get("status") or {}
    numbers = {status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")}
    observed = status.get("observedGeneration") == obj["metadata"]["generation"]
    ended = not status.get("terminatingReplicas")
    return obj["spec"]["replicas"] == count and observed and numbers == {count} and ended


def wait_for_pods(bench: Bench, count: int) -> None:
    """Wait until no pod of the previous number is left."""
    while len(bench.kube("get", "pods", "-n", NAMESPACE, "-o", "name").split()) != count:
        time.sleep(POLL_SECONDS)


def kubectl_scale(bench: Bench, count: int) -> float:
    """Scale and wait with kubectl until the surplus pods are gone, as the module does; return the seconds."""
    seconds = bench.timed("scale", "deployment/web", "-n", NAMESPACE, f"--replicas={count}")
    if count != min(COUNTS):
        return seconds + bench.timed("rollout", "status", "deployment/web", "-n", NAMESPACE)
    # rollout status does not wait for surplus pods, and without the first of these the second may read an old 0
    for name, number in (("replicas", count), ("terminatingReplicas", 0)):
        condition = f"--for=jsonpath={{.status.{name}}}={number}"
        seconds += bench.timed(
            "wait", condition, "deployment/web", "-n", NAMESPACE, "--timeout=300s"
        )
    return seconds


def module_scale(bench: Bench, count: int) -> float:
    """Scale and wait with kubernetes.core; return the seconds."""
    task = {**WEB, "kind": "Deployment", "api_version": "apps/v1", "wait_timeout": 300}
    return bench.play({"kubernetes.core.k8s_scale": {**task, "replicas": count}})[0]


KUBECTL = "kubectl scale, rollout status or wait"
OTHERS = {KUBECTL: kubectl_scale, "kubernetes.core.k8s_scale": module_scale}


def _reset(bench: Bench, count: int) -> None:
    """Bring the Deployment to the number from which it is scaled to another."""
    other = next(n for n in COUNTS if n != count)
    kubectl_scale(bench, other)
    wait_for_pods(bench, other)


def _measure(bench: Bench, count: int, times: Times) -> None:
    _reset(bench, count)
    times.empty.append(bench.empty_play(1))
    # the module starts, reads its arguments and finds a mistake in them
    bench.play({"workload_scale": {**WEB, "replicas": "many"}}, fails=True)
    times.started.append(bench.shown("fatal:") - bench.began)
    with bench.watch(DEPLOYMENTS) as watch:
        watch.first(lambda obj: True)
        task = {"workload_scale": {**WEB, "replicas": count, "wait_timeout": 300}}
        seconds, _ = bench.play(task)
        asked = watch.first(lambda obj: obj["spec"]["replicas"] == count)
        seen = watch.first(lambda obj: scaled(obj, count), after=asked)
    times.total[count].append(seconds)
    times.added.append(bench.shown("changed:") - bench.began - (seen - asked))
    bench.say(f"to {count}: {seconds:.2f} s, {seen - asked:.2f} s in a bare watch")
    wait_for_pods(bench, count)


def _compare(bench: Bench, name: str, taken: dict[int, list[float]], times: Times) -> None:
    for count in COUNTS:
        work = f"scale {'1 -> 20' if count == 20 else '20 -> 1'} and wait"
        bench.rows.append(
            Row(
                work,
                name,
                statistics.median(taken[count]),
                statistics.median(times.total[count]),
                at_least=1.0 if name == KUBECTL else None,
            )
        )


def _report(bench: Bench, times: Times) -> None:
    beyond = statistics.median(
        added - started for added, started in zip(times.added, times.started, strict=True)
    )
    bench.rows.append(
        Row(
            "scale and wait: added to a bare watch",
            "beyond process start",
            None,
            1000 * beyond,
            "ms",
            at_most=150,
        )
    )
    bench.notes.append(
        f"scale: medians of {len(times.added)} runs; process start is a play until its module has "
        f"started and refused its arguments, {statistics.median(times.started):.2f} s; an empty "
        f"play takes {statistics.median(times.empty):.2f} s. The time added ends with the result "
        "on the screen, because Ansible itself ends slowly while 19 pods are stopped"
    )
    bench.notes.append(
        "scale: done means for Slipway and for kubectl here that the controller counts exactly the number that was "
        "asked for, all of them updated and available, and that no pod is terminating. `kubectl rollout status` alone "
        "ends when no surplus replica is counted, while such pods still run"
    )
