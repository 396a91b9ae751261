#!/usr/bin/env python3
"""How long a lab takes: rebuild, a second up, and minikube start by the module beside the bare command.

Needs a lab that is up; the rebuild makes it anew. Run it in Slipway's environment: ``eval "$(./slipway env)"``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOALS = {"rebuild": 75.0, "up again": 15.0, "minikube start, module / bare": 1.05}


def slipway(*arguments: str) -> tuple[float, dict]:
    """Run the command; return the seconds it took and its JSON.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    began = time.monotonic()
    done = subprocess.run(
        [ROOT / "slipway", *arguments, "--json"], check=True, stdout=subprocess.PIPE, text=True
    )
    return time.monotonic() - began, json.loads(done.stdout)


def on_host(module: str, arguments: dict | str) -> float:
    """Run one module as Minikube's user on the first cluster's host; return the seconds it took."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    command = ["ansible", "minikube_hosts[0]", "-i", "inventories/lab", "-m", module, "-a", text]
    command += ["-b", "--become-user", "minikube"]
    began = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def minikube_start(image: str) -> tuple[float, float]:
    """Start a cluster of one node by the bare command and by the module, from the same node image.

    Returns:
        Seconds of the command and of the module, both through Ansible, so that its share is the same.
    """
    flags = (
        f"--driver=docker --container-runtime=containerd --base-image={image} --preload=false"
        " --cache-images=false --install-addons=false --cni=/etc/minikube/cni.yaml --interactive=false"
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
        "cni": "/etc/minikube/cni.yaml",
        "wait": ["apiserver", "system_pods"],
    }
    try:
        bare = on_host("ansible.builtin.command", f"minikube start -p bench-bare {flags}")
        on_host("minikube", {"profile": "bench-bare", "state": "absent"})
        module = on_host("minikube", options)
    finally:
        for profile in ("bench-bare", "bench-module"):
            on_host("minikube", {"profile": profile, "state": "absent"})
    return bare, module


def main() -> int:
    """Measure, print a table, and return 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skip-rebuild", action="store_true", help="use the lab as it is")
    options = parser.parse_args()
    measured: dict[str, float] = {}
    if not options.skip_rebuild:
        measured["rebuild"], _ = slipway("rebuild")
    measured["up again"], again = slipway("up")
    image = subprocess.run(
        [
            "docker",
            "exec",
            "slipway-default-lab1",
            "docker",
            "inspect",
            "-f",
            "{{.Config.Image}}",
            "minikube",
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.strip()
    bare, module = minikube_start(image)
    measured["minikube start, module / bare"] = module / bare
    print(f"load {os.getloadavg()[0]:.1f} at the end; up again changed {again['changed']}")
    print(f"minikube start, one node: bare {bare:.1f} s, module {module:.1f} s")
    print(f"{'what':32}{'measured':>10}{'goal':>8}")
    for name, value in measured.items():
        print(
            f"{name:32}{value:10.2f}{GOALS[name]:8.2f}  {'met' if value <= GOALS[name] else 'missed'}"
        )
    return int(any(value > GOALS[name] for name, value in measured.items()))


if __name__ == "__main__":
    raise SystemExit(main())
