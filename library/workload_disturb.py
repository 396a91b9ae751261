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

from ansible_collections.slipway.lab.plugins.module_utils.common.runner import run_module
from ansible_collections.slipway.lab.plugins.module_utils.kube.module import kube_module
from ansible_collections.slipway.lab.plugins.module_utils.workload.tasks.disturbance import disturb

OPTIONS = {
    "selector": {"type": "str", "required": True},
    "namespace": {"type": "str", "required": True},
    "seconds": {"type": "int", "default": 60},
    "pause": {"type": "float", "default": 5},
    "leave": {"type": "int", "default": 0},
    "kill_process": {"type": "list", "elements": "str", "default": []},
    "seed": {"type": "int", "default": 1},
}


def main() -> None:
    """Kill pods and processes of a workload at random."""
    run_module(kube_module(OPTIONS, supports_check_mode=False), disturb)


if __name__ == "__main__":
    main()
