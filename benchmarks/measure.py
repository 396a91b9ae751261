"""What the benchmarks share: commands and plays on one cluster, a watch of their own, rows with goals, table, plot."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PLAYBOOK = str(Path(sys.executable).parent / "ansible-playbook")
MODULES = ("workload", "workload_scale", "kubernetes.core.k8s", "kubernetes.core.k8s_scale")
WRITES = re.compile(
    r'^apiserver_request_total\{(?=.*dry_run="")(?=.*resource="(?:deployments|services)")(?=.*subresource="")'
    r'(?=.*verb="(?:APPLY|PATCH|POST|PUT|DELETE)").*\} (\S+)',
    re.MULTILINE,
)
# runs the interpreter and leaves the most memory that it held, in KiB
MEMORY_PROBE = """#!{python}
import resource, subprocess, sys
code = subprocess.call([{python!r}, *sys.argv[1:]])
with open({file!r}, "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: our figure, whom or what it is compared with, and the goal."""

    work: str
    against: str
    theirs: float | None
    ours: float
    unit: str = "s"
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times longer the other takes; for an upper bound, our part of what is compared."""
        if not self.theirs or not self.ours:
            return None
        return self.theirs / self.ours if self.at_most is None else self.ours / self.theirs

    @property
    def goal(self) -> str:
        """The goal in words, empty for a figure that has none."""
        if self.at_least:
            return f">= {self.at_least:g}x"
        if self.at_most is None:
            return ""
        bound = f"{self.at_most:g}{'x' if self.theirs else ' ' + self.unit}"
        return f"<= {bound}" if self.at_most else bound

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        if self.at_least:
            return bool(self.ratio and self.ratio >= self.at_least)
        if self.at_most is None:
            return True
        return (self.ratio if self.theirs else self.ours) <= self.at_most

    def as_dict(self) -> dict:
        """For JSON."""
        return {**asdict(self), "ratio": self.ratio, "goal": self.goal, "met": self.met}


class Watch:
    """A bare watch by ``kubectl get --raw``: every event with the moment of its arrival."""

    def __init__(self, command: list[str], path: str):
        self._command = [*command, "get", "--raw", path + "?watch=true"]
        self.events: list[tuple[float, dict]] = []

    def __enter__(self) -> Watch:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.events.append((time.monotonic(), json.loads(line)["object"]))

    def first(
        self, wanted: Callable[[dict], bool], after: float = 0.0, patience: float = 5
    ) -> float:
        """When an object like this arrived for the first time; waits a moment for a late one."""
        until = time.monotonic() + patience
        while True:
            for moment, obj in list(self.events):
                if moment >= after and wanted(obj):
                    return moment
            if time.monotonic() > until:
                raise SystemExit("the watch of the benchmark did not see what it should")
            time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._reader.join()


class Bench:
    """Runs commands against one cluster, and keeps rows and notes."""

    def __init__(self, kubeconfig: str, kubectl: str, work: Path):
        self.kubeconfig = kubeconfig
        self.command = [kubectl, "--kubeconfig", kubeconfig]
        self.work = work
        self.rows: list[Row] = []
        self.notes: list[str] = []
        self.memory: list[float] = []
        # the last play: its start, and its lines with the moment at which a person saw them
        self.began = 0.0
        self.said: list[tuple[float, str]] = []

    def say(self, text: str) -> None:
        """A sign of life, beside the result."""
        print(f"  {text}", file=sys.stderr, flush=True)

    def kube(self, *arguments: str, check: bool = True, given: str | None = None) -> str:
        """Run kubectl; its output."""
        command = [*self.command, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=given)
        if check and done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def play(
        self, *tasks: dict, fails: bool | None = False, measure_memory: bool = False
    ) -> tuple[float, str]:
        """Run tasks by ansible-playbook; seconds of the whole process, and its output.

        ``fails`` is whether it has to fail, None when it may.
        """
        book, probe = self.work / "play.yml", self.work / "python"
        play = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {
                "ansible_python_interpreter": str(probe) if measure_memory else sys.executable
            },
            "module_defaults": dict.fromkeys(MODULES, {"kubeconfig": self.kubeconfig}),
            "tasks": list(tasks),
        }
        book.write_text(yaml.dump([play], Dumper=_Plain))
        held = self.work / "memory"
        if measure_memory:
            probe.write_text(MEMORY_PROBE.format(python=sys.executable, file=str(held)))
            probe.chmod(0o755)
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        command = [PLAYBOOK, "-i", "localhost,", str(book)]
        pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.began = time.monotonic()
        with subprocess.Popen(command, env=environment, **pipe) as process:
            self.said = [(time.monotonic(), line) for line in process.stdout]
        seconds = time.monotonic() - self.began
        text = "".join(line for _, line in self.said)
        if fails not in (None, bool(process.returncode)):
            raise SystemExit(f"unexpected result of a play:\n{text[-3000:]}")
        if measure_memory:
            self.memory.append(int(held.read_text()) / 1024)
        return seconds, text

    def shown(self, mark: str) -> float:
        """The moment at which the first line of the last play with this mark was seen."""
        return next(moment for moment, line in self.said if mark in line)

    def timed(self, *arguments: str) -> float:
        """Run kubectl; its seconds."""
        started = time.monotonic()
        self.kube(*arguments)
        return time.monotonic() - started

    def empty_play(self, times: int = 3) -> float:
        """Seconds of a play whose one task does nothing, the median of a few."""
        return statistics.median(self.play({"ansible.builtin.ping": {}})[0] for _ in range(times))

    def fresh(self, namespace: str) -> None:
        """Make an empty namespace."""
        self.kube("delete", "namespace", namespace, "--ignore-not-found", "--wait")
        self.kube("create", "namespace", namespace)

    def writes(self) -> int:
        """How many writes of Deployments and Services the API server has counted, status apart."""
        return int(sum(map(float, WRITES.findall(self.kube("get", "--raw", "/metrics")))))

    def settled(self, namespace: str) -> tuple[int, dict[str, str]]:
        """Count of writes, and resourceVersions of the namespace, once the controllers are done."""
        last: tuple[int, dict[str, str]] | None = None
        while True:
            text = self.kube("get", "deployments,services", "-n", namespace, "-o", "json")
            versions = {
                f"{item['kind']}/{item['metadata']['name']}": item["metadata"]["resourceVersion"]
                for item in json.loads(text)["items"]
            }
            now = (self.writes(), versions)
            if now == last:
                return now
            last = now
            time.sleep(2)

    def watch(self, path: str) -> Watch:
        """A watch of our own on a collection."""
        return Watch(self.command, path)


class _Plain(yaml.SafeDumper):
    """YAML without anchors, as people write it."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def show(bench: Bench) -> str:
    """The table."""
    lines = [f"{'work':<44} {'compared with':<38} {'it':>10} {'Slipway':>10} {'ratio':>7}  goal"]
    for row in bench.rows:
        theirs = f"{row.theirs:.2f} {row.unit}" if row.theirs is not None else ""
        ours = f"{row.ours:.{0 if row.unit in ('writes', 'MiB', 'ms') else 2}f} {row.unit}"
        ratio = f"{row.ratio:.2f}x" if row.ratio else ""
        verdict = f"{row.goal} {'met' if row.met else 'MISSED'}" if row.goal else ""
        lines.append(
            f"{row.work:<44} {row.against:<38} {theirs:>10} {ours:>10} {ratio:>7}  {verdict}"
        )
    return "\n".join(
        [*(line.rstrip() for line in lines), *(f"note: {note}" for note in bench.notes)]
    )


def cells(row: Row) -> list[str]:
    """Return a row as cells of the table in the docs."""
    theirs = f"{row.theirs:.2f} {row.unit}" if row.theirs is not None else ""
    verdict = f"{row.goal}, {'met' if row.met else '**missed**'}" if row.goal else ""
    ratio = f"{row.ratio:.1f}x" if row.ratio else ""
    return [row.work, row.against, theirs, f"{row.ours:.2f} {row.unit}", ratio, verdict]


def plot(bench: Bench, path: Path) -> None:
    """Draw how many times longer the others take, and how much of each upper bound is used."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    faster = [row for row in bench.rows if row.ratio and row.at_most is None][::-1]
    bounded = [row for row in bench.rows if row.at_most][::-1]  # 0 has no parts
    figure, (left, right) = pyplot.subplots(
        2, 1, figsize=(11, 2.5 + 0.42 * (len(faster) + len(bounded))),
        height_ratios=[max(len(faster), 1), max(len(bounded), 1)],
    )  # fmt: skip
    left.barh(
        [f"{row.work}: {row.against}" for row in faster],
        [row.ratio for row in faster],
        color="#3b7dd8",
    )
    for position, row in enumerate(faster):
        left.text(row.ratio, position, f" {row.ratio:.1f}x", va="center")
        if row.at_least:
            left.plot([row.at_least] * 2, [position - 0.4, position + 0.4], color="black")
    left.axvline(1, color="grey", linewidth=1)
    left.set_xscale("log")
    left.set_xlabel("times as long as the Slipway module (logarithmic; black: the goal)")
    shares = [100 * ((row.ratio if row.theirs else row.ours) or 0) / row.at_most for row in bounded]
    right.barh([f"{row.work} {row.goal}" for row in bounded], shares, color="#5a9e6f")
    right.axvline(100, color="black")
    right.set_xlabel("per cent of what is allowed")
    right.set_xlim(0, max([110, *shares]))
    figure.tight_layout()
    figure.savefig(path, dpi=120)
