"""Shared parts of the benchmarks: commands and plays on one cluster, and a bare watch."""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from rows import Row

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


class Watch:
    """A bare watch by ``kubectl get --raw``: every event with the time of its arrival.

    Args:
        command: The kubectl command with its connection options.
        path: The path of the collection.
    """

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
        """Return the time at which a matching object first arrived.

        Args:
            wanted: Returns whether an object matches.
            after: Earlier arrivals do not count.
            patience: Seconds to wait for a late object.
        """
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
    """Runs commands against one cluster, and keeps rows and notes.

    Args:
        kubeconfig: The path of the kubeconfig.
        kubectl: The path of kubectl.
        work: A folder for files of the run.
    """

    def __init__(self, kubeconfig: str, kubectl: str, work: Path):
        self.kubeconfig = kubeconfig
        self.command = [kubectl, "--kubeconfig", kubeconfig]
        self.work = work
        self.rows: list[Row] = []
        self.notes: list[str] = []
        self.memory: list[float] = []
        # the last play: its start, and its lines with the time at which the user saw them
        self.began = 0.0
        self.said: list[tuple[float, str]] = []

    def say(self, text: str) -> None:
        """Print a line of progress on standard error."""
        print(f"  {text}", file=sys.stderr, flush=True)

    def kube(self, *arguments: str, check: bool = True, given: str | None = None) -> str:
        """Run kubectl; return its output."""
        command = [*self.command, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=given)
        if check and done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def play(
        self, *tasks: dict, fails: bool | None = False, measure_memory: bool = False
    ) -> tuple[float, str]:
        """Run tasks by ansible-playbook.

        Args:
            *tasks: The tasks of the play.
            fails: Whether the play has to fail; None allows both.
            measure_memory: Whether to record the memory of the module.

        Returns:
            The seconds of the whole process, and its output.
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
        with subprocess.Popen(command, env=environment, start_new_session=True, **pipe) as process:
            try:
                self.said = [(time.monotonic(), line) for line in process.stdout]
            except BaseException:
                # a benchmark that is ended must not leave a play behind that goes on to change the cluster
                os.killpg(process.pid, signal.SIGKILL)
                raise
        seconds = time.monotonic() - self.began
        text = "".join(line for _, line in self.said)
        if fails not in (None, bool(process.returncode)):
            raise SystemExit(f"unexpected result of a play:\n{text[-3000:]}")
        if measure_memory:
            self.memory.append(int(held.read_text()) / 1024)
        return seconds, text

    def shown(self, mark: str) -> float:
        """Return the time of the first line of the last play that contains a mark."""
        return next(moment for moment, line in self.said if mark in line)

    def timed(self, *arguments: str) -> float:
        """Run kubectl; return its seconds."""
        started = time.monotonic()
        self.kube(*arguments)
        return time.monotonic() - started

    def empty_play(self, times: int = 3) -> float:
        """Return the median seconds of a few plays whose one task does nothing."""
        return statistics.median(self.play({"ansible.builtin.ping": {}})[0] for _ in range(times))

    def fresh(self, namespace: str) -> None:
        """Create an empty namespace; delete an existing one first."""
        self.kube("delete", "namespace", namespace, "--ignore-not-found", "--wait")
        self.kube("create", "namespace", namespace)

    def writes(self) -> int:
        """Return the writes of Deployments and Services that the API server has counted, without status."""
        return int(sum(map(float, WRITES.findall(self.kube("get", "--raw", "/metrics")))))

    def settled(self, namespace: str) -> tuple[int, dict[str, str]]:
        """Return the writes and the resourceVersions of a namespace when its controllers are done."""
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
        """Return a bare watch of a collection."""
        return Watch(self.command, path)


class _Plain(yaml.SafeDumper):
    """Writes YAML without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True
