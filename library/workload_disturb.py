#!/usr/bin/python
"""Ansible module: kill pods and processes of a workload at random."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_disturb
short_description: Kill pods and processes of a workload at random
description:
  - For some time kills, in turn, a pod (deleted without grace) and the process of a container, each of a random ready
    pod of the workload, with random pauses.
  - Meant for lessons and tests of what a cluster does about it.
options:
  selector:
    description: Label selector of the pods.
    type: str
    required: true
  namespace:
    description: Namespace.
    type: str
    required: true
  seconds:
    description: How long.
    type: int
    default: 60
  pause:
    description: Mean pause between two of them in seconds. Each is between half and one and a half of it.
    type: float
    default: 5
  leave:
    description: Nothing is killed while no more than so many pods are ready.
    type: int
    default: 0
  kill_process:
    description: Command that ends the process of a container, run inside of it. Without it only pods are killed.
    type: list
    elements: str
    default: []
  seed:
    description: Seed of the random choices.
    type: int
    default: 1
attributes:
  check_mode:
    support: none
    description: Skipped.
author:
  - Slipway
notes:
  - Takes the authentication options of M(workload).
"""

EXAMPLES = r"""
- name: Disturb it for a minute
  workload_disturb:
    namespace: shop
    selector: app.kubernetes.io/name=web
    kill_process: [kill, -USR1, "1"]
  register: disturbed
"""

RETURN = r"""
disturbances:
  description: Each with C(at) (seconds of the epoch), C(kind) (C(pod) or C(process)) and C(pod).
  returned: always
  type: list
"""

import random
import time

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.client import KubeClient
from ansible_collections.slipway.lab.plugins.module_utils.kube.errors import KubeError
from ansible_collections.slipway.lab.plugins.module_utils.kube.exec import run_in_pod
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.objects import is_ready
from ansible_collections.slipway.lab.plugins.module_utils.kube.paths import path_segment

OPTIONS = {
    "selector": {"type": "str", "required": True},
    "namespace": {"type": "str", "required": True},
    "seconds": {"type": "int", "default": 60},
    "pause": {"type": "float", "default": 5},
    "leave": {"type": "int", "default": 0},
    "kill_process": {"type": "list", "elements": "str", "default": []},
    "seed": {"type": "int", "default": 1},
}
NOW = {"gracePeriodSeconds": 0}


def ready_pods(client: KubeClient, path: str, selector: str) -> list[dict]:
    """Return the pods that can be disturbed, by name."""
    pods, _ = client.list_all(path, labelSelector=selector)
    good = [pod for pod in pods if is_ready(pod) and not pod["metadata"].get("deletionTimestamp")]
    return sorted(good, key=lambda pod: pod["metadata"]["name"])


def disturb(module) -> dict:
    """Kill until the time is up."""
    params = module.params
    client, chance = KubeClient(params), random.Random(params["seed"])
    path = f"/api/v1/namespaces/{path_segment(params['namespace'])}/pods"
    kinds = ["pod", "process"] if params["kill_process"] else ["pod"]
    done: list[dict] = []
    end = time.monotonic() + params["seconds"]
    while time.monotonic() < end:
        pods = ready_pods(client, path, params["selector"])
        if len(pods) > params["leave"]:
            pod, kind = chance.choice(pods), kinds[len(done) % len(kinds)]
            name = pod["metadata"]["name"]
            done.append({"at": time.time(), "kind": kind, "pod": name})
            if kind == "pod":
                client.delete(f"{path}/{path_segment(name)}", NOW)
            else:
                container = pod["spec"]["containers"][0]["name"]
                try:
                    run_in_pod(
                        client,
                        params["namespace"],
                        name,
                        container,
                        params["kill_process"],
                        None,
                        10,
                    )
                except KubeError as error:
                    # The command may die with the process that it ended.
                    module.debug(str(error))
        time.sleep(
            max(0.0, min(params["pause"] * chance.uniform(0.5, 1.5), end - time.monotonic()))
        )
    return {"changed": bool(done), "disturbances": done}


def main() -> None:
    """Run the module."""
    run_module(kube_module(OPTIONS, supports_check_mode=False), disturb)


if __name__ == "__main__":
    main()
