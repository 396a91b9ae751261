#!/usr/bin/env python3
"""Measure a lab: rebuild, a second up, minikube start by module and by command, memory, shares of a cold start.

Needs a lab that is up; the rebuild recreates it. Run it by ``./slipway bench lab``. As for the command and Ansible,
``ANSIBLE_INVENTORY`` names another lab than the default one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import cold
import record

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
GOALS = {
    "rebuild, s": 75.0,
    "up again, s": 15.0,
    "minikube start, module / bare": 1.05,
    "memory of the control side, MB": 300.0,
}


def slipway(*arguments: str) -> tuple[float, float, dict]:
    """Run the command; return the seconds it took, the most memory of its processes in MB, and its JSON.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    began = time.monotonic()
    command = [ROOT / "slipway", *arguments, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watch = MemoryWatch(process.pid)
        watch.start()
        out, _ = process.communicate()
    watch.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, out)
    return time.monotonic() - began, watch.peak, json.loads(out)


class MemoryWatch(threading.Thread):
    """Sums up the memory of a process and all below it, until it ends; shared pages count in parts."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0.0

    def run(self) -> None:
        """Look five times a second."""
        while proportional(self.pid):
            self.peak = max(self.peak, sum(map(proportional, [self.pid, *below(self.pid)])) / 1000)
            time.sleep(0.2)


def below(pid: int) -> list[int]:
    """Return the processes that descend from one."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(path.parent.name))
    found, queue = [], [pid]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def proportional(pid: int) -> int:
    """Return the proportional set size in kB; 0 of a process that is gone or a zombie."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def on_host(module: str, arguments: dict | str) -> tuple[float, str]:
    """Run one module as Minikube's user on the first cluster's host; return the seconds and the output."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    command = ["ansible", "minikube_hosts[0]", "-m", module, "-a", text]
    command += ["-b", "--become-user", "minikube"]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, env=environment
    )
    return time.monotonic() - began, done.stdout


def node_image() -> str:
    """Return the node image of the lab's cluster."""
    _, said = on_host("ansible.builtin.command", "docker container inspect minikube")
    return json.loads(said.partition(">>")[2])[0]["Config"]["Image"]


def minikube_start(image: str) -> tuple[float, float]:
    """Start a cluster of one node by the bare command and by the module, from the same node image.

    Returns:
        Median seconds of the command and of the module, both through Ansible, so that its share is the same.
    """
    flags = (
        f"--driver=docker --container-runtime=containerd --base-image={image} --preload=false"
        " --cache-images=false --install-addons=false --cni=/etc/minikube-cni.yaml --interactive=false"
        " --kubernetes-version=v1.35.1 --wait=apiserver,system_pods"
    )
    options = {
        "profile": "bench-module",
        "driver": "docker",
        "container_runtime": "containerd",
        "kubernetes_version": "v1.35.1",
        "base_image": image,
        "preload": False,
        "cache_images": False,
        "install_addons": False,
        "cni": "/etc/minikube-cni.yaml",
        "wait": ["apiserver", "system_pods"],
    }
    bare = ("bench-bare", "ansible.builtin.command", f"minikube start -p bench-bare {flags}")
    module = ("bench-module", "minikube", options)
    seconds: dict[str, list[float]] = {"bench-bare": [], "bench-module": []}
    for profile, name, arguments in [bare, module] * ROUNDS:  # in turn: the machine is shared
        try:
            seconds[profile].append(on_host(name, arguments)[0])
        finally:
            on_host("minikube", {"profile": profile, "state": "absent"})
    return statistics.median(seconds["bench-bare"]), statistics.median(seconds["bench-module"])


def main() -> int:
    """Measure and print a table; 1 when a goal is missed and that counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skip-rebuild", action="store_true", help="use the lab as it is")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    parser.add_argument("--record", action="store_true", help="write benchmarks/results/lab.json")
    options = parser.parse_args()
    measured: dict[str, float] = {}
    if not options.skip_rebuild:
        measured["rebuild, s"], rebuilding, _ = slipway("rebuild")
    measured["up again, s"], peak, again = slipway("up")
    measured["memory of the control side, MB"] = (
        peak if options.skip_rebuild else max(peak, rebuilding)
    )
    bare, module = minikube_start(node_image())
    measured["minikube start, module / bare"] = module / bare
    print(f"load {os.getloadavg()[0]:.1f} at the end; up again changed {again['changed']}")
    print(f"minikube start, one node: bare {bare:.1f} s, module {module:.1f} s")
    print(f"{'what':32}{'measured':>10}{'goal':>8}")
    for name, value in measured.items():
        print(
            f"{name:32}{value:10.2f}{GOALS[name]:8.2f}  {'met' if value <= GOALS[name] else 'missed'}"
        )
    print(*cold.lines(cold.build_seconds(cold.cache())), sep="\n")
    if options.record:
        cells = [[name, f"{value:.2f}", f"{GOALS[name]:g}"] for name, value in measured.items()]
        record.write("lab", ["work", "measured", "goal (at most)"], cells)
    missed = any(value > GOALS[name] for name, value in measured.items())
    return int(options.strict and missed)


if __name__ == "__main__":
    raise SystemExit(main())
