#!/usr/bin/python
# Copyright (c) Slipway
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: kill pods and processes of a workload at random."""

from __future__ import annotations

DOCUMENTATION = r"""
module: workload_disturb
short_description: Kill pods and processes of a workload at random
version_added: 0.1.0
description:
  - For O(seconds), alternately deletes a pod without a grace period and kills the process of a container. Each time,
    the module chooses a random ready pod and pauses for a random time.
  - For lessons and tests that observe how a cluster recovers.
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
    description: Duration.
    type: int
    default: 60
  pause:
    description: Mean pause in seconds. Each pause is between 50 and 150 percent of it.
    type: float
    default: 5
  leave:
    description: Number of ready pods to keep. Nothing is killed while this number of pods, or fewer, is ready.
    type: int
    default: 0
  kill_process:
    description: Command that kills the process, run in the container. By default, only pods are deleted.
    type: list
    elements: str
    default: []
  seed:
    description: Seed of the random choices.
    type: int
    default: 1
extends_documentation_fragment:
  - slipway.lab.kube_auth
  - slipway.lab.attributes
attributes:
  check_mode:
    support: none
  diff_mode:
    support: none
seealso:
  - module: slipway.lab.pod_watch
author:
  - Slipway (@slipway)
"""

EXAMPLES = r"""
- name: Disturb an application for two minutes, and keep one pod ready
  slipway.lab.workload_disturb:
    namespace: shop
    selector: app.kubernetes.io/name=web
    kill_process: [kill, -USR1, "1"]
    seconds: 120
    pause: 10
    leave: 1
    seed: 7
  register: disturbed
"""

RETURN = r"""
disturbances:
  description: Each disturbance with C(at) (seconds since the epoch), C(kind) (C(pod) or C(process)) and C(pod).
  returned: always
  type: list
  elements: dict
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
