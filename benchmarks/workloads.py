"""Compare the workload modules with kubernetes.core and kubectl: same cluster, same objects, same run.

Usage: ``python benchmarks/workloads.py --kubeconfig FILE [--json FILE] [--plot FILE] [--quick]``.
Every figure is wall time of a whole process (``ansible-playbook`` or ``kubectl``), start included, as a
user waits for it. Deployments have no pods where only the apply is measured. With ``--quick`` the loop
runs over a tenth of the objects and is multiplied; the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.59"
SERVE = ["/agnhost", "netexec", "--http-port=8080"]
APPS = 100
QUICK = 10
SPACE = "slipway-bench"
# an image that every registry denies at once: the name is not a legal path on any
BAD_IMAGE = "registry.k8s.io/slipway-bench/no-such-image:0"


class Bench:
    """Runs commands against one cluster and keeps seconds by name."""

    def __init__(self, kubeconfig: str, kubectl: str, work: Path, quick: bool):
        self.kubeconfig = kubeconfig
        self.kubectl = kubectl
        self.work = work
        self.quick = quick
        self.seconds: dict[str, float] = {}
        self.notes: dict[str, str] = {}

    # -- commands ------------------------------------------------------------------------------------

    def kube(self, *arguments: str, check: bool = True) -> str:
        """Run kubectl; its output."""
        command = [self.kubectl, "--kubeconfig", self.kubeconfig, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def play(self, tasks: list[dict], fails: bool = False) -> tuple[float, str]:
        """Run tasks by ansible-playbook; seconds and output."""
        book = self.work / "play.yml"
        credentials = {"kubeconfig": self.kubeconfig}
        modules = ("workload", "workload_scale", "kubernetes.core.k8s", "kubernetes.core.k8s_scale")
        play = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": sys.executable},
            "module_defaults": dict.fromkeys(modules, credentials),
            "tasks": tasks,
        }
        book.write_text(yaml.safe_dump([play]))
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        started = time.monotonic()
        done = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(book)],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        seconds = time.monotonic() - started
        if bool(done.returncode) != fails:
            raise SystemExit(f"unexpected result of a play:\n{done.stdout[-3000:]}\n{done.stderr}")
        return seconds, done.stdout

    def measure(self, name: str, work) -> float:
        """Run ``work`` and keep its seconds."""
        started = time.monotonic()
        work()
        self.seconds[name] = time.monotonic() - started
        print(f"  {name:<52} {self.seconds[name]:8.2f} s", flush=True)
        return self.seconds[name]

    def fresh(self, namespace: str) -> None:
        """An empty namespace."""
        self.kube("delete", "namespace", namespace, "--ignore-not-found", "--wait")
        self.kube("create", "namespace", namespace)

    def versions(self, namespace: str) -> dict[str, str]:
        """resourceVersion of every Deployment and Service, once the controllers have settled."""
        last: dict[str, str] = {}
        while True:
            text = self.kube("get", "deployments,services", "-n", namespace, "-o", "json")
            now = {
                f"{item['kind']}/{item['metadata']['name']}": item["metadata"]["resourceVersion"]
                for item in json.loads(text)["items"]
            }
            if now == last:
                return now
            last = now
            time.sleep(1)

    # -- what is measured ----------------------------------------------------------------------------

    def apply(self) -> None:
        """100 Deployments and 100 Services: first, and unchanged."""
        objects = manifests(APPS)
        path = self.work / "objects.yml"
        path.write_text(yaml.safe_dump_all(objects))
        loop = objects[: len(objects) // QUICK] if self.quick else objects
        factor = len(objects) // len(loop)
        if factor > 1:
            self.notes["loop"] = f"measured with {len(loop)} objects, times {factor}"
        one = {"namespace": SPACE, "definition": "{{ item }}", "apply": True}
        whole = {"namespace": SPACE, "src": str(path), "apply": True}
        contenders = {
            "kubernetes.core.k8s, loop": [
                {"kubernetes.core.k8s": one, "loop": loop, "no_log": True}
            ],
            "kubernetes.core.k8s, one list": [{"kubernetes.core.k8s": whole, "no_log": True}],
            "workload": [{"workload": {"apps": apps(APPS), "namespace": SPACE, "wait": "applied"}}],
        }
        for name, tasks in contenders.items():
            self.fresh(SPACE)
            for run in ("first", "unchanged"):
                before = self.versions(SPACE)
                self.measure(f"apply {run}: {name}", lambda tasks=tasks: self.play(tasks))
                if "loop" in name:
                    self.seconds[f"apply {run}: {name}"] *= factor
            if before != self.versions(SPACE):
                self.notes[name] = "wrote on the unchanged run"
        for name, option in (
            ("kubectl apply", []),
            ("kubectl apply --server-side", ["--server-side"]),
        ):
            self.fresh(SPACE)
            for run in ("first", "unchanged"):
                command = ("apply", *option, "-n", SPACE, "-f", str(path))
                self.measure(f"apply {run}: {name}", lambda command=command: self.kube(*command))

    def scale(self) -> None:
        """1 -> 20 -> 1 with waiting, against kubectl and kubernetes.core."""
        self.fresh(SPACE)
        self.play([{"workload": {**app("web", 1), "namespace": SPACE}}])
        place = {"name": "web", "namespace": SPACE}
        peer = {**place, "kind": "Deployment", "api_version": "apps/v1", "wait_timeout": 300}
        for count in (20, 1):
            step = f"scale to {count}"
            task = {"workload_scale": {**place, "replicas": count, "wait_timeout": 300}}
            self._reset(count)
            self.measure(f"{step}: workload_scale", lambda task=task: self.play([task]))
            self._reset(count)
            self.measure(
                f"{step}: kubectl scale, rollout status", lambda n=count: self._kubectl_scale(n)
            )
            self._reset(count)
            task = {"kubernetes.core.k8s_scale": {**peer, "replicas": count}}
            self.measure(f"{step}: kubernetes.core.k8s_scale", lambda task=task: self.play([task]))

    def _reset(self, target: int) -> None:
        """The other number, settled, pods of before gone."""
        count = 1 if target == 20 else 20
        self._kubectl_scale(count)
        while len(self.kube("get", "pods", "-n", SPACE, "-o", "name").split()) != count:
            time.sleep(0.5)

    def _kubectl_scale(self, count: int) -> None:
        self.kube("scale", "deployment/web", "-n", SPACE, f"--replicas={count}")
        self.kube("rollout", "status", "deployment/web", "-n", SPACE)

    def failure(self) -> None:
        """One bad image among 20: from the event that tells it to the explained failure."""
        self.fresh(SPACE)
        task = {
            "namespace": SPACE,
            "wait_timeout": 120,
            "apps": [app(f"app{i}", 1, BAD_IMAGE if i == 7 else IMAGE) for i in range(20)],
            "fail_after": {"pull": 0},
        }
        seconds, out = self.play([{"workload": task}], fails=True)
        ended = time.time()
        if "app7" not in out or "ErrImagePull" not in out:
            raise SystemExit(f"the failure was not explained:\n{out[-2000:]}")
        events = json.loads(self.kube("get", "events", "-n", SPACE, "-o", "json"))["items"]
        failed = [
            e
            for e in events
            if e["reason"] == "Failed" and e["involvedObject"]["name"].startswith("app7-")
        ]
        first = min(e["firstTimestamp"] or e["eventTime"] for e in failed)
        told = time.mktime(time.strptime(first, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        self.seconds["bad image: workload, whole task"] = seconds
        # event times have whole seconds, so this is up to one second too long
        self.seconds["bad image: workload, after the event"] = ended - told
        print(f"  bad image: explained after {seconds:.2f} s, {ended - told:.2f} s after the event")


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


def manifests(count: int) -> list[dict]:
    """The same objects as manifests, made by the code under test so that all apply the same."""
    import ansible.module_utils

    ansible.module_utils.__path__.append(str(ROOT / "module_utils"))
    from ansible.module_utils.slipway.workload_checks import Problems
    from ansible.module_utils.slipway.workload_objects import objects_of

    result = []
    for one in apps(count):
        result += objects_of({**one, "namespace": SPACE}, Problems(), "app")
    return result


GOALS = (
    ("apply first: kubernetes.core.k8s, loop", "apply first: workload", 30),
    ("apply first: kubernetes.core.k8s, one list", "apply first: workload", 3),
    ("apply first: kubectl apply", "apply first: workload", 2),
    ("apply first: kubectl apply --server-side", "apply first: workload", None),
    ("apply unchanged: kubernetes.core.k8s, loop", "apply unchanged: workload", 30),
    ("apply unchanged: kubernetes.core.k8s, one list", "apply unchanged: workload", None),
    ("apply unchanged: kubectl apply", "apply unchanged: workload", None),
    ("scale to 20: kubernetes.core.k8s_scale", "scale to 20: workload_scale", None),
    ("scale to 20: kubectl scale, rollout status", "scale to 20: workload_scale", None),
    ("scale to 1: kubernetes.core.k8s_scale", "scale to 1: workload_scale", None),
    ("scale to 1: kubectl scale, rollout status", "scale to 1: workload_scale", None),
)


def table(bench: Bench) -> list[dict]:
    """Rows with baseline, ours, ratio and goal."""
    rows = []
    for baseline, ours, goal in GOALS:
        if baseline in bench.seconds and ours in bench.seconds:
            ratio = bench.seconds[baseline] / bench.seconds[ours]
            rows.append(
                {
                    "baseline": baseline,
                    "baseline_seconds": round(bench.seconds[baseline], 2),
                    "seconds": round(bench.seconds[ours], 2),
                    "ratio": round(ratio, 1),
                    "goal": goal,
                    "met": goal is None or ratio >= goal,
                }
            )
    return rows


def show(rows: list[dict], bench: Bench) -> None:
    """Print the table."""
    print(f"\n{'baseline':<50} {'baseline':>9} {'slipway':>8} {'ratio':>7}  goal")
    for row in rows:
        goal = f">= {row['goal']}x {'met' if row['met'] else 'MISSED'}" if row["goal"] else ""
        print(
            f"{row['baseline']:<50} {row['baseline_seconds']:>7.2f} s {row['seconds']:>6.2f} s "
            f"{row['ratio']:>6.1f}x  {goal}"
        )
    for name, note in bench.notes.items():
        print(f"note: {name}: {note}")


def plot(rows: list[dict], path: str) -> None:
    """Draw the ratios."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(9, 0.5 * len(rows) + 1.5))
    names = [row["baseline"] for row in rows][::-1]
    axis.barh(names, [row["ratio"] for row in rows][::-1], color="#3b7dd8")
    axis.axvline(1, color="grey", linewidth=1)
    axis.set_xscale("log")
    axis.set_xlabel("how many times longer than the Slipway module (log scale)")
    for position, row in enumerate(rows[::-1]):
        axis.text(row["ratio"], position, f" {row['ratio']}x", va="center")
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main() -> int:
    """Run all parts; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kubeconfig", required=True)
    parser.add_argument("--kubectl", default=shutil.which("kubectl") or "kubectl")
    parser.add_argument("--json")
    parser.add_argument("--plot")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="*", choices=["apply", "scale", "failure"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(options.kubeconfig, options.kubectl, Path(work), options.quick)
        try:
            for part in options.only or ("apply", "scale", "failure"):
                getattr(bench, part)()
        finally:
            bench.kube(
                "delete", "namespace", SPACE, "--ignore-not-found", "--wait=false", check=False
            )
    rows = table(bench)
    show(rows, bench)
    if options.json:
        result = {"rows": rows, "seconds": bench.seconds, "notes": bench.notes}
        Path(options.json).write_text(json.dumps(result, indent=1))
    if options.plot:
        plot(rows, options.plot)
    return 0 if all(row["met"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
