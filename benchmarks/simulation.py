"""Simulated nodes on a real control plane: kwok writes their heartbeats and the states of their pods."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

from measure import Bench

LABEL = "slipway.simulated"
STAGES = Path(__file__).with_name("simulation.yml")
PATIENCE = 300


def simulated_app(name: str) -> dict:
    """Return an application whose pod runs only on simulated nodes."""
    return {
        "name": name,
        "image": "simulated:1",
        "node_selector": {LABEL: "true"},
        "tolerations": [{"key": LABEL, "operator": "Exists"}],
        "termination_grace": 0,
    }


def node(number: int) -> dict:
    """Return a Node without real pods: it has a taint, and lacks the label that daemons of a cluster select."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": f"simulated-{number:04}",
            "labels": {LABEL: "true"},
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
        "spec": {
            "taints": [{"key": LABEL, "effect": "NoSchedule"}],
            # without one each would take a piece of the cluster's own pod network, which is for few
            "podCIDR": f"198.18.{number % 256}.0/24",
        },
    }


class SimulatedNodes:
    """Simulated nodes that are ready inside, and deleted afterwards.

    Args:
        bench: Runs kubectl.
        kwok: The path of the program that simulates nodes.
        count: The number of nodes.
    """

    def __init__(self, bench: Bench, kwok: str, count: int):
        self._bench = bench
        self._count = count
        self._command = [kwok, "--kubeconfig", bench.kubeconfig, "--config", str(STAGES)]
        self._log = (bench.work / "kwok.log").open("w")

    def __enter__(self) -> SimulatedNodes:
        self._kwok = subprocess.Popen(self._command, stdout=self._log, stderr=subprocess.STDOUT)
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _make(self) -> None:
        self._remove()
        nodes = {"apiVersion": "v1", "kind": "List", "items": [node(n) for n in range(self._count)]}
        self._bench.kube("create", "-f", "-", given=json.dumps(nodes))
        until = time.monotonic() + PATIENCE
        while (ready := self._ready()) < self._count:
            if self._kwok.poll() is not None or time.monotonic() > until:
                said = Path(self._log.name).read_text()[-2000:]
                raise SystemExit(
                    f"{ready} of {self._count} simulated nodes are ready; kwok said: {said}"
                )
            time.sleep(2)
        self._bench.say(f"{self._count} simulated nodes are ready")

    def _ready(self) -> int:
        path = '-o=jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {end}'
        return self._bench.kube("get", "nodes", "-l", LABEL, path).split().count("True")

    def _remove(self) -> None:
        # the server stops after a minute of deletions, and continues with the next request
        while self._bench.kube("get", "nodes", "-l", LABEL, "-o", "name"):
            path = f"/api/v1/nodes?labelSelector={LABEL}"
            self._bench.kube("delete", "--raw", path, check=False)

    def __exit__(self, *_: object) -> None:
        self._kwok.terminate()
        self._kwok.wait()
        self._log.close()
        self._remove()
