#!/usr/bin/env python3
"""Measure logging and monitoring: their share of an idle lab, and the delay of a log line.

Needs a lab that is up with both (``./slipway up --with monitoring,logging``). Memory is the working set of
containers as the kubelet accounts it, and the resident set of the services on the hosts; processor time is the
difference of two readings. Run it in Slipway's environment: ``eval "$(./slipway env)"``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from pathlib import Path

import kubernetes
import record

GOALS = {"memory, MB": 900.0, "processor, % of one core": 15.0, "line found, slowest, s": 5.0}
SPACES = {"monitoring", "logging"}
# Programs in other namespaces that the services need.
BESIDES = ("kube-system/metrics-server", "local-path-storage/local-path-provisioner")
UNITS = (
    "prometheus-node-exporter.service",
    "systemd-journal-upload.service",
    "slipway-logs.service",
)


class Cluster:
    """Sends requests to the API server of a cluster.

    Args:
        kubeconfig: The path of the kubeconfig.
    """

    def __init__(self, kubeconfig: str):
        self.api = kubernetes.config.new_client_from_config(kubeconfig)
        self.core = kubernetes.client.CoreV1Api(self.api)

    def get(self, path: str, **query: str) -> str:
        """Return what the API server answers."""
        request = self.api.param_serialize(
            "GET", path, query_params=list(query.items()), auth_settings=["BearerToken"]
        )
        answer = self.api.call_api(*request)
        answer.read()
        return answer.data.decode()

    def containers(self) -> dict[str, tuple[float, float]]:
        """Return memory in MB and processor seconds of each program of the services."""
        found: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        for node in self.core.list_node().items:
            summary = json.loads(
                self.get(f"/api/v1/nodes/{node.metadata.name}/proxy/stats/summary")
            )
            for pod in summary["pods"]:
                space, name = pod["podRef"]["namespace"], pod["podRef"]["name"]
                if space not in SPACES and not f"{space}/{name}".startswith(BESIDES):
                    continue
                for container in pod["containers"]:
                    memory, seconds = found[container["name"]]
                    found[container["name"]] = (
                        memory + container["memory"]["workingSetBytes"] / 1e6,
                        seconds + container["cpu"]["usageCoreNanoSeconds"] / 1e9,
                    )
        return found

    def find(self, text: str) -> bool:
        """Check whether the store of logs finds a word."""
        store = "/api/v1/namespaces/logging/services/logs:9428/proxy/select/logsql/query"
        return bool(self.get(store, query=f'_time:5m "{text}" | limit 1'))


def units(ssh_config: Path) -> dict[str, tuple[float, float]]:
    """Return memory in MB and processor seconds of the services on the hosts."""
    found: dict[str, tuple[float, float]] = {}
    hosts = [
        w.split()[1]
        for w in ssh_config.read_text().splitlines()
        if w.startswith("Host ") and "*" not in w
    ]
    for host in hosts:
        for unit in UNITS:
            show = f"ps -o rss=,cputimes= -p $(systemctl show -p MainPID --value {unit})"
            command = ["ssh", "-F", str(ssh_config), host, show]
            words = subprocess.run(command, check=False, stdout=subprocess.PIPE).stdout.split()
            if words:
                found[f"{host}: {unit}"] = (int(words[0]) / 1e3, float(words[1]))
    return found


def find_lines(cluster: Cluster, count: int) -> list[float]:
    """Let the tutorial's app write lines; return after how many seconds each was found."""
    seconds = []
    for _ in range(count):
        word = uuid.uuid4().hex
        began = time.monotonic()
        app = "/api/v1/namespaces/default/services/hello-node:8080/proxy"
        cluster.get(f"{app}/echo", msg=word)
        while not cluster.find(word):
            time.sleep(0.05)
        seconds.append(time.monotonic() - began)
    return seconds


def main() -> int:
    """Measure and print a table; 1 when a goal is missed and that counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=300, help="how long the lab is watched")
    parser.add_argument("--lines", type=int, default=20)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--record", action="store_true", help="write benchmarks/results/services.json"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    options = parser.parse_args()
    kubeconfig = os.environ["KUBECONFIG"]
    cluster, ssh = Cluster(kubeconfig), Path(kubeconfig).parent / "ssh/config"

    began, before = time.monotonic(), {**cluster.containers(), **units(ssh)}
    time.sleep(options.seconds)
    passed, after = time.monotonic() - began, {**cluster.containers(), **units(ssh)}
    print(f"{'program':<48} {'memory, MB':>10} {'% of a core':>11}")
    memory = share = 0.0
    for name, (megabytes, seconds) in sorted(after.items()):
        used = 100 * (seconds - before.get(name, (0, 0))[1]) / passed
        print(f"{name:<48} {megabytes:>10.1f} {used:>11.2f}")
        memory, share = memory + megabytes, share + used
    found = find_lines(cluster, options.lines)
    figures = dict(zip(GOALS, (memory, share, max(found)), strict=True))
    print(f"\na line was found after {statistics.median(found):.2f} s (median of {len(found)})")
    met = {name: figure <= GOALS[name] for name, figure in figures.items()}
    for name, figure in figures.items():
        print(
            f"{name:<48} {figure:>10.1f}  goal {GOALS[name]:g}: {'met' if met[name] else 'missed'}"
        )
    if options.record:
        cells = [[name, f"{figure:.1f}", f"{GOALS[name]:g}"] for name, figure in figures.items()]
        cells.append(
            ["a log line is found after, s (median)", f"{statistics.median(found):.2f}", ""]
        )
        record.write("services", ["figure", "measured", "goal (at most)"], cells)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    return int(options.strict and not all(met.values()))


if __name__ == "__main__":
    sys.exit(main())
