"""Compare the workload modules with kubernetes.core and kubectl: same cluster, same objects, same run.

Usage: ``./slipway bench workloads``, or in Slipway's environment ``python benchmarks/workloads.py --help``.
Every figure is wall time of a whole process (``ansible-playbook`` or ``kubectl``), start included, as a
user waits for it. Deployments have no pods where only the apply is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import record
import yaml
from measure import Bench, Row, cells, plot, show
from simulation import SimulatedNodes, simulated_app

from ansible_collections.slipway.lab.plugins.module_utils.common.deadline import Deadline
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.applier import Applier
from ansible_collections.slipway.lab.plugins.module_utils.kube.apply.reader import read_live
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import (
    KubeClient,
)
from ansible_collections.slipway.lab.plugins.module_utils.kube.discovery import Discovery
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import ref_of
from ansible_collections.slipway.lab.plugins.module_utils.kube.validation import ValidationErrors
from ansible_collections.slipway.lab.plugins.module_utils.workload.render.workload import render_app

IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.59"
SERVE = ["/agnhost", "netexec", "--http-port=8080"]
# nothing listens there: the pull fails at once, and no packet leaves the node
BAD_IMAGE = "127.0.0.1:1/no-such:1"
SPACE = "slipway-bench"
DEPLOYMENTS = f"/apis/apps/v1/namespaces/{SPACE}/deployments"
APPS = 100
PARTS = ("apply", "scale", "failure", "simulated")
# how long simulated pods may take; the controllers send 20 requests a second unless told otherwise
PATIENCE = 600


# -- a hundred applications ----------------------------------------------------------------------------


def apply(bench: Bench, quick: bool) -> None:
    """100 Deployments and 100 Services: first, and unchanged. Quick: the loop has a tenth of the objects."""
    objects = manifests(APPS)
    path = bench.work / "objects.yml"
    path.write_text(yaml.safe_dump_all(objects))
    factor = 10 if quick else 1
    loop = objects[: len(objects) // factor]
    empty = bench.empty_play()
    one = {"namespace": SPACE, "definition": "{{ item }}", "apply": True}
    whole = {"namespace": SPACE, "src": str(path), "apply": True}
    plays = {
        "kubernetes.core.k8s, loop": {"kubernetes.core.k8s": one, "loop": loop, "no_log": True},
        "kubernetes.core.k8s, one list": {"kubernetes.core.k8s": whole, "no_log": True},
        "Slipway": {"workload": {"apps": apps(APPS), "namespace": SPACE, "wait": "applied"}},
    }
    times: dict[str, dict[str, float]] = {"first": {}, "unchanged": {}}
    written: dict[str, int] = {}

    def both_runs(name: str, work, times_more: int = 1, rounds: int = 1) -> None:
        taken: dict[str, list[float]] = {run: [] for run in times}
        for _ in range(rounds):
            bench.fresh(SPACE)
            for run in times:
                before = bench.settled(SPACE)
                # what a play costs by itself is not multiplied
                took = (work() - empty) * times_more + empty if times_more > 1 else work()
                taken[run].append(took)
                bench.say(f"{run}: {name} {took:.2f} s")
                after = bench.settled(SPACE)
            other = sum(after[1].get(key) != version for key, version in before[1].items())
            written[name] = max(written.get(name, 0), after[0] - before[0], other)
        for run, seconds in taken.items():
            times[run][name] = statistics.median(seconds)

    rounds = 1 if quick else 3
    for name, task in plays.items():
        loops = "loop" in name
        both_runs(
            name,
            lambda task=task: bench.play(task)[0],
            factor if loops else 1,
            1 if loops else rounds,
        )
    for name, option in (("kubectl apply", []), ("kubectl apply --server-side", ["--server-side"])):
        command = ("apply", *option, "-n", SPACE, "-f", str(path))
        both_runs(name, lambda command=command: bench.timed(*command), rounds=rounds)
    bare = []
    for _ in range(rounds):
        bench.fresh(SPACE)
        bench.settled(SPACE)
        bare.append(requests_alone(bench, objects))

    goals = {
        "first": {
            "kubernetes.core.k8s, loop": 30,
            "kubernetes.core.k8s, one list": 3,
            "kubectl apply": 2,
        },
        "unchanged": {"kubernetes.core.k8s, loop": 30},
    }
    for run, seconds in times.items():
        for name in seconds:
            if name != "Slipway":
                goal = goals[run].get(name)
                work = f"{APPS} Deployments + {APPS} Services, {run}"
                bench.rows.append(Row(work, name, seconds[name], seconds["Slipway"], at_least=goal))
    floor = statistics.median(bare) + empty
    bench.rows.append(
        Row(
            f"{2 * APPS} objects, first: no play can be faster",
            "an empty play + the requests",
            floor,
            times["first"]["Slipway"],
        )
    )
    counted = "the API server's count, resourceVersions"
    bench.rows.append(
        Row("writes of an unchanged apply", counted, None, written["Slipway"], "writes", at_most=0)
    )
    bench.notes.append(
        "writes of an unchanged apply by others: "
        + ", ".join(f"{name} {count}" for name, count in written.items() if name != "Slipway")
    )
    if quick:
        bench.notes.append(
            f"the loop ran over {len(loop)} objects; the time beyond an empty play is multiplied by 10"
        )


def requests_alone(bench: Bench, objects: list[dict]) -> float:
    """Seconds of the server-side applies alone, side by side, in a process that has started and is connected."""
    client = KubeClient({"kubeconfig": bench.kubeconfig})
    discovery = Discovery(client)
    applier = Applier(client, discovery, Deadline(300))
    read_live(client, discovery, [ref_of(obj) for obj in objects])  # connects, and learns the kinds
    started = time.monotonic()
    applier.apply(objects, {})
    seconds = time.monotonic() - started
    client.close()
    return seconds


# -- scaling -------------------------------------------------------------------------------------------


def scale(bench: Bench, quick: bool) -> None:
    """1 -> 20 -> 1 with waiting: against others, and against what a bare watch sees of the same scaling."""
    bench.fresh(SPACE)
    bench.play({"workload": {**app("web", 1), "namespace": SPACE}})
    place = {"name": "web", "namespace": SPACE}
    peer = {**place, "kind": "Deployment", "api_version": "apps/v1", "wait_timeout": 300}
    ours: dict[int, list[float]] = {20: [], 1: []}
    started, empty, added = [], [], []
    rounds = 1 if quick else 5
    for _ in range(rounds):
        for count in ours:
            empty.append(bench.empty_play(1))
            # the module is started, reads its arguments, and finds a mistake in them
            bench.play({"workload_scale": {**place, "replicas": "many"}}, fails=True)
            started.append(bench.shown("fatal:") - bench.began)
            with bench.watch(DEPLOYMENTS) as watch:
                watch.first(lambda obj: True)
                task = {"workload_scale": {**place, "replicas": count, "wait_timeout": 300}}
                seconds, _ = bench.play(task)
                asked = watch.first(lambda obj, n=count: obj["spec"]["replicas"] == n)
                seen = watch.first(lambda obj, n=count: scaled(obj, n), after=asked)
            ours[count].append(seconds)
            added.append(bench.shown("changed:") - bench.began - (seen - asked))
            bench.say(f"to {count}: {seconds:.2f} s, {seen - asked:.2f} s as a bare watch sees it")
            wait_for_pods(bench, count)
    for count in ours:
        work = f"scale {'1 -> 20' if count == 20 else '20 -> 1'} and wait"
        seconds = statistics.median(ours[count])
        for name, way in (
            ("kubectl scale, rollout status", lambda n=count: kubectl_scale(bench, n)),
            (
                "kubernetes.core.k8s_scale",
                lambda n=count: bench.play({"kubernetes.core.k8s_scale": {**peer, "replicas": n}})[
                    0
                ],
            ),
        ):
            other = 1 if count == 20 else 20
            kubectl_scale(bench, other)
            wait_for_pods(bench, other)
            bench.rows.append(Row(work, name, way(), seconds))
            wait_for_pods(bench, count)
    beyond = statistics.median(total - start for total, start in zip(added, started, strict=True))
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
        f"scale: medians of {len(added)} runs; process start is a play until its module has started and refused its "
        f"arguments, {statistics.median(started):.2f} s; an empty play takes {statistics.median(empty):.2f} s. The "
        "time added ends with the result on the screen, for Ansible's own end is slow while 19 pods are stopped"
    )


def scaled(obj: dict, count: int) -> bool:
    """Whether a Deployment says that it has exactly this many pods, all available."""
    status = obj.get("status") or {}
    numbers = {status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas")}
    observed = status.get("observedGeneration") == obj["metadata"]["generation"]
    return obj["spec"]["replicas"] == count and observed and numbers == {count}


def wait_for_pods(bench: Bench, count: int) -> None:
    """Until no pod of before is left."""
    while len(bench.kube("get", "pods", "-n", SPACE, "-o", "name").split()) != count:
        time.sleep(0.5)


def kubectl_scale(bench: Bench, count: int) -> float:
    """Scale and wait by kubectl; seconds."""
    return bench.timed("scale", "deployment/web", "-n", SPACE, f"--replicas={count}") + bench.timed(
        "rollout", "status", "deployment/web", "-n", SPACE
    )


# -- failure -------------------------------------------------------------------------------------------


def failure(bench: Bench, quick: bool) -> None:
    """One bad image among 20: from the arrival of the event that tells it to the explanation on the screen."""
    patience = 10 if quick else 60
    bad = app("app7", 1, BAD_IMAGE)
    task = {
        "namespace": SPACE,
        "wait_timeout": 120,
        "apps": [bad if number == 7 else app(f"app{number}", 1) for number in range(20)],
        "fail_after": {"pull": 0},
    }
    peer = {
        "namespace": SPACE,
        "definition": manifests_of(bad)[-1],
        "apply": True,
        "wait": True,
        "wait_timeout": patience,
    }
    after = {}
    for name, one in (("Slipway", {"workload": task}), ("peer", {"kubernetes.core.k8s": peer})):
        bench.fresh(SPACE)
        with bench.watch(f"/api/v1/namespaces/{SPACE}/events") as watch:
            _, said = bench.play(one, fails=True)
            shown = bench.shown("app7")
            told = watch.first(
                lambda obj: (
                    obj["reason"] == "Failed" and obj["involvedObject"]["name"].startswith("app7-")
                )
            )
        after[name] = shown - told
        if name == "Slipway" and not (
            "app7" in said and "ErrImagePull" in said and "check the image's name" in said
        ):
            raise SystemExit(f"the failure was not explained:\n{said[:4000]}")
    work = "bad image among 20 apps: after its event"
    bench.rows.append(
        Row(work, "arrival at a watch of the benchmark", None, after["Slipway"], at_most=1)
    )
    name = f"kubernetes.core.k8s, wait_timeout {patience}"
    bench.rows.append(Row(work, name, after["peer"], after["Slipway"]))


# -- simulated nodes -----------------------------------------------------------------------------------


def simulated(bench: Bench, quick: bool, kwok: str) -> None:
    """Ten times as many workloads, on nodes that kwok plays."""
    few, many, nodes = (10, 100, 100) if quick else (100, 1000, 1000)
    pods = 10
    empty = bench.empty_play()
    seconds: dict[int, float] = {}
    with SimulatedNodes(bench, kwok, nodes):
        for count in (few, many):
            bench.fresh(SPACE)
            task = {
                "namespace": SPACE,
                "apps": [simulated_app(f"app{n}", pods) for n in range(count)],
            }
            seconds[count], _ = bench.play(
                {"workload": {**task, "wait": "applied"}}, measure_memory=True
            )
            bench.say(f"{count} workloads applied: {seconds[count]:.2f} s")
            waiting = {**task, "wait": "rolled_out", "wait_timeout": PATIENCE}
            took, _ = bench.play({"workload": waiting}, fails=None, measure_memory=True)
            ready = ready_pods(bench)
            bench.say(f"{ready} of {count * pods} pods ready: {took:.2f} s more")
        bench.kube("delete", "namespace", SPACE, "--wait")
    what = f"{many} workloads, {nodes} simulated nodes"
    linear = (seconds[few] - empty) * many / few
    bench.rows += [
        Row(
            f"{what}: apply",
            f"{many // few}x that of {few}",
            linear,
            seconds[many] - empty,
            at_most=1.3,
        ),
        Row(
            f"{what}: memory",
            "the module's process, at most",
            None,
            max(bench.memory),
            "MiB",
            at_most=200,
        ),
        Row(f"{what}: {ready} of {many * pods} pods ready", "", None, seconds[many] + took),
    ]
    bench.notes.append(
        "simulated: kwok plays the nodes and their pods on the lab's own control plane; "
        f"an empty play ({empty:.2f} s) is subtracted before the linear comparison"
    )


def ready_pods(bench: Bench) -> int:
    """How many pods are ready, as the Deployments say."""
    path = "-o=jsonpath={.items[*].status.readyReplicas}"
    return sum(map(int, bench.kube("get", "deployments", "-n", SPACE, path).split()))


# -- what is declared ----------------------------------------------------------------------------------


def app(name: str, replicas: int, image: str = IMAGE) -> dict:
    """One application in short form."""
    return {
        "name": name,
        "image": image,
        "command": SERVE,
        "replicas": replicas,
        "ports": ["80:8080"],
    }


def apps(count: int) -> list[dict]:
    """Applications without pods."""
    return [app(f"app{number}", 0) for number in range(count)]


def manifests_of(one: dict) -> list[dict]:
    """An application as manifests, made by the code under test so that all apply the same."""
    return render_app({**one, "namespace": SPACE}, ValidationErrors(), "app")


def manifests(count: int) -> list[dict]:
    """Applications without pods, as manifests."""
    return [obj for one in apps(count) for obj in manifests_of(one)]


def main() -> int:
    """Run all parts; 1 when a goal is missed and that counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--kubectl", default=shutil.which("kubectl") or "kubectl")
    parser.add_argument("--kwok", help="the program that plays nodes, for the part simulated")
    parser.add_argument("--result", type=Path, metavar="PATH", help="write the result here as JSON")
    parser.add_argument("--plot", type=Path, metavar="PATH", help="draw it here")
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
    if "simulated" in options.only and not options.kwok:
        parser.error("the part simulated needs --kwok")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whatever ends it, it cleans up
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(options.kubeconfig, options.kubectl, Path(work))
        try:
            for part in options.only:
                bench.say(f"-- {part}")
                more = {"kwok": options.kwok} if part == "simulated" else {}
                globals()[part](bench, options.quick, **more)
        except BaseException:
            print(show(bench), file=sys.stderr)  # what is known by now took its time
            raise
        finally:
            bench.kube(
                "delete", "namespace", SPACE, "--ignore-not-found", "--wait=false", check=False
            )
    bench.notes.append(
        f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} over the last five minutes"
    )
    met = all(row.met for row in bench.rows)
    result = {"met": met, "rows": [row.as_dict() for row in bench.rows], "notes": bench.notes}
    text = json.dumps(result, indent=1)
    print(show(bench), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(text)
    if options.result:
        options.result.write_text(text)
    if options.record:
        titles = ["work", "compared with", "it", "Slipway", "ratio", "goal"]
        record.write("workloads", titles, [cells(row) for row in bench.rows])
    if options.plot:
        plot(bench, options.plot)
    for path in filter(None, (options.result, options.plot)):
        bench.say(f"wrote {path}")
    return int(options.strict and not met)


if __name__ == "__main__":
    sys.exit(main())
